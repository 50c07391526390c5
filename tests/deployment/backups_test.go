package deployment_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"expense-tracker/tests/rig/programtest"
)

// startBackups starts the schedule of backups on an SQLite file, and returns where its metrics are.
func startBackups(t *testing.T) (address string) {
	t.Helper()
	storage := programtest.NewSQLite(t)
	programtest.Succeed(t, "generate", "--count", "50", "--storage", storage)
	folder, address := t.TempDir(), freeAddress(t)
	startProcess(t, append(os.Environ(), "EXPENSE_TRACKER_STORAGE="+storage, "EXPENSE_TRACKER_BACKUP_PLACE="+filepath.Join(folder, "place"),
		"EXPENSE_TRACKER_BACKUP_WORK="+filepath.Join(folder, "work"), "EXPENSE_TRACKER_BACKUP_LISTEN="+address,
		"EXPENSE_TRACKER_LOG_LEVEL=warn"), programtest.Binary(t), "backups")
	return address
}

// What makes backups reads as the owner of the tables, restores into its own container, and shows no secret in its environment.
func TestBackupsAreMadeByAServiceOfTheirOwn(t *testing.T) {
	project := loadCompose(t, "POSTGRES_PASSWORD=p@ss", "BACKUP_KEY=a key", "BACKUP_S3_SECRET=a secret", "BACKUP_S3_KEY_ID=an id")
	service := project.Services["backups"]
	if service.Build == nil || service.Build.Target != "backups" {
		t.Fatalf("it is built as %+v", service.Build)
	}
	for variable, want := range map[string]string{
		"EXPENSE_TRACKER_STORAGE_OWNER_PASSWORD_FILE": "p@ss", "EXPENSE_TRACKER_BACKUP_KEY_FILE": "a key",
		"EXPENSE_TRACKER_BACKUP_S3_SECRET_FILE": "a secret", "EXPENSE_TRACKER_BACKUP_S3_KEY_ID_FILE": "an id",
	} {
		if got := handedTo(t, project, "backups", variable); got != want {
			t.Errorf("%s leads to %q, want %q", variable, got, want)
		}
	}
	for name, value := range service.Environment {
		if value != nil && slices.Contains([]string{"p@ss", "a key", "a secret", "an id"}, *value) {
			t.Errorf("docker inspect shows a secret in %s", name)
		}
	}
	if service.Hostname == "" || service.Init == nil || !*service.Init {
		t.Error("after a restart it does not know its own locks, or nobody waits for what it has started")
	}
	if len(service.Ports) > 0 {
		t.Errorf("it is published at %v", service.Ports)
	}
}
