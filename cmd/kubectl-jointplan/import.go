package main

import "github.com/spf13/cobra"

// newImport returns the command under which all imports are.
func newImport() *cobra.Command {
	command := &cobra.Command{
		Use:   "import",
		Short: "Make manifests of what is in files, databases and metrics systems",
		Long:  "Make manifests of what is in files, databases and metrics systems.",
		Example: `  # what would be written of a file
  kubectl jointplan import results deals.csv --mapping deals.yaml -f plans/`,
		Args: cobra.ArbitraryArgs,
		RunE: help,
	}
	command.AddCommand(newImportPartners(), newImportBudgets(), newImportPlans(), newImportResults())
	command.AddCommand(newImportForms()...)
	return command
}
