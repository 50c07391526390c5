package deployment_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// loadPITR reads docker-compose.yml with the archive of PostgreSQL's log.
func loadPITR(t *testing.T, variables ...string) *types.Project {
	t.Helper()
	return mustLoad(t, []string{"deploy/pitr/compose.yml"}, cli.WithEnv(variables))
}

func TestTheLogIsArchivedOnceAMinute(t *testing.T) {
	loaded := loadPITR(t)
	db, backups := loaded.Services["db"], loaded.Services["backups"]
	for _, setting := range []string{"archive_mode=on", "archive_timeout=60", "archive_command=pgbackrest --stanza=expenses archive-push %p"} {
		if !slices.Contains(db.Command, setting) {
			t.Errorf("the server is not told %s: %q", setting, db.Command)
		}
	}
	if got := setting(t, backups.Environment, "EXPENSE_TRACKER_BACKUP_STANZA"); got != "expenses" {
		t.Errorf("base backups are of the stanza %q", got)
	}
	for _, volume := range backups.Volumes {
		if volume.Source == "postgres_data" && !volume.ReadOnly {
			t.Error("backups can write to the database's files")
		}
	}
	if len(db.Networks) != len(loadCompose(t).Services["db"].Networks) || !slices.Equal(db.CapDrop, []string{"ALL"}) || db.MemLimit == 0 {
		t.Error("the database is not held to what it is held to without the archive")
	}
	for service, target := range map[string]string{"db": "db-pitr", "backups": "backups-pitr"} {
		if build := loaded.Services[service].Build; build == nil || build.Target != target {
			t.Errorf("%s is built as %+v", service, build)
		}
	}
}

func TestTheArchiveIsEncryptedIfThereIsAKey(t *testing.T) {
	plain := loadPITR(t).Configs["pgbackrest"].Content
	if strings.Contains(plain, "cipher") || strings.Contains(plain, "s3") {
		t.Errorf("without a key and a bucket:\n%s", plain)
	}
	full := loadPITR(t, "BACKUP_KEY=a key", "PITR_S3_BUCKET=b", "PITR_S3_ENDPOINT=e", "PITR_S3_REGION=r",
		"BACKUP_S3_KEY_ID=i", "BACKUP_S3_SECRET=s")
	for _, line := range []string{
		"repo1-cipher-type=aes-256-cbc", "repo1-cipher-pass=a key", "repo1-type=s3", "repo1-s3-bucket=b", "repo1-s3-endpoint=e",
		"repo1-s3-region=r", "repo1-s3-key=i", "repo1-s3-key-secret=s",
	} {
		if !slices.Contains(strings.Split(full.Configs["pgbackrest"].Content, "\n"), line) {
			t.Errorf("there is no line %q:\n%s", line, full.Configs["pgbackrest"].Content)
		}
	}
}
