// The program renders a folder of kustomize as kubectl does, and holds each object to the schemas of Kubernetes and of the operators that
// know it, without a cluster and without the network. It is a module of its own, so that the program's has nothing of all that it stands
// on.
//
//	kubernetes -folder deploy/kubernetes/overlays/laptop -crds FOLDER -crds FOLDER
//
// It prints the objects. What is wrong with one is said on standard error, and the exit code is 1.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"k8s.io/client-go/openapi"
	"sigs.k8s.io/kubectl-validate/pkg/cmd"
	"sigs.k8s.io/kubectl-validate/pkg/openapiclient"
	"sigs.k8s.io/kubectl-validate/pkg/validator"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// version of Kubernetes whose schemas are asked: the newest that comes with the library.
const version = "1.30"

// folders is a flag that may be given several times.
type folders []string

func (f *folders) String() string { return fmt.Sprint(*f) }

// Set implements flag.Value.
func (f *folders) Set(name string) error {
	*f = append(*f, name)
	return nil
}

func main() {
	var crds folders
	folder := flag.String("folder", "", "what to render")
	flag.Var(&crds, "crds", "a folder of custom resource definitions")
	flag.Parse()
	if err := run(*folder, crds); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string, crds []string) error {
	rendered, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return fmt.Errorf("render %s: %w", folder, err)
	}
	known, err := newValidator(crds)
	if err != nil {
		return err
	}
	var faults []error
	for _, object := range rendered.Resources() {
		text, err := object.AsYAML()
		if err != nil {
			return err
		}
		if err := cmd.ValidateDocument(text, known); err != nil {
			faults = append(faults, fmt.Errorf("%s %s: %w", object.GetKind(), object.GetName(), err))
		}
		fmt.Printf("---\n%s", text)
	}
	return errors.Join(faults...)
}

func newValidator(crds []string) (*validator.Validator, error) {
	clients := []openapi.Client{openapiclient.NewHardcodedBuiltins(version)}
	for _, folder := range crds {
		if entries, err := os.ReadDir(folder); err != nil || len(entries) == 0 {
			return nil, fmt.Errorf("definitions in %s: %d, %w", folder, len(entries), err)
		}
		clients = append(clients, openapiclient.NewLocalCRDFiles([]fs.FS{os.DirFS(filepath.Clean(folder))}...))
	}
	return validator.New(openapiclient.NewComposite(clients...))
}
