package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/api/v1alpha1"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, for bug reports",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unexpected argument %q", args[0])}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			build, _ := debug.ReadBuildInfo()
			_, err := fmt.Fprint(c.OutOrStdout(), versionText(build))
			return err
		},
	}
}

// versionOf returns the version of a build.
func versionOf(build *debug.BuildInfo) string {
	if build == nil {
		return "unknown"
	}
	return cmp.Or(build.Main.Version, "unknown")
}

// versionText describes a build: its version, the commit that it was made from, and what it was made for.
func versionText(build *debug.BuildInfo) string {
	settings := map[string]string{}
	if build != nil {
		for _, setting := range build.Settings {
			settings[setting.Key] = setting.Value
		}
	}
	text := fmt.Sprintf("version: %s\n", versionOf(build))
	if commit := settings["vcs.revision"]; commit != "" {
		if settings["vcs.modified"] == "true" {
			commit += " with uncommitted changes"
		}
		text += fmt.Sprintf("commit:  %s (%s)\n", commit, settings["vcs.time"])
	}
	return text + fmt.Sprintf("api:     %s\ngo:      %s %s/%s\n", v1alpha1.GroupVersion, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
