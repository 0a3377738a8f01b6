package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/reward"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

const rewardHelp = `Request a reward that a partner has earned.

Writes an MDFAllocation for all that is earned of the reward and not granted, by default into NAME.yaml in the current folder; and says of what it is
earned, and what the request would come to. Commit it where the partner's requests are kept, or apply it. Once it is granted, claim it with kubectl
jointplan claim.

With -f the partner is read from files, else from the cluster.`

const rewardExample = `  # the growth rebate of the first quarter, as a file
  kubectl jointplan reward partner/pelican -f rules/rewards/ --at 2026-10-13T09:00:00Z --by jo.pellegrini@pelican.example --reward growth-rebate \
    --period FY2027-Q1 --write requests/`

type rewardOptions struct {
	*target

	reward      string
	budget      string
	period      string
	name        string
	by          string
	requestedOn string
	write       string
	draft       bool
}

// newReward returns the command that requests a reward.
func newReward() *cobra.Command {
	o := &rewardOptions{target: newTarget()}
	command := &cobra.Command{
		Use:     "reward PARTNER",
		Short:   "Request a reward that a partner has earned",
		Long:    rewardHelp,
		Example: rewardExample,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("name one partner, not %d", len(args))}
			}
			return nil
		},
		ValidArgsFunction: o.completeNames,
		RunE: func(c *cobra.Command, args []string) error {
			return o.run(c.Context(), c, args[0])
		},
	}
	o.addFlags(command)
	flags := command.Flags()
	flags.StringVar(&o.reward, "reward", "", "name of the reward in its budget, such as growth-rebate")
	flags.StringVar(&o.budget, "budget", "", "name of the budget that pays it (default the only one that does)")
	flags.StringVar(&o.period, "period", "", "the interval in which it was earned, such as FY2027-Q1")
	flags.StringVar(&o.name, "name", "", "name of the request (default the partner's with the reward and the interval)")
	flags.StringVar(&o.by, "by", "", "user name of who requests (default in a cluster: you)")
	flags.StringVar(&o.requestedOn, "requested-on", "", "day on which the request is made, such as 2026-10-12 (default today)")
	flags.BoolVar(&o.draft, "draft", false, "do not make it yet: leave out the day")
	flags.StringVar(&o.write, "write", "", "write it into this new file or folder, or - for standard output (default NAME.yaml)")
	return command
}

func (o *rewardOptions) run(ctx context.Context, command *cobra.Command, argument string) error {
	wish, err := o.wish()
	if err != nil {
		return usageError{err}
	}
	v, err := o.read(ctx, command)
	if err != nil {
		return err
	}
	found, err := v.find(kindBefore("partner", argument))
	if err != nil {
		return err
	}
	var ok bool
	if wish.Partner, ok = found.(*v1alpha1.Partner); !ok {
		return usageError{fmt.Errorf("%s is not a partner: rewards are for partners", manifest.KeyOf(found))}
	}
	if wish.At = v.at; v.client != nil && wish.By == "" {
		if wish.By, err = whoAmI(ctx, v.client); err != nil {
			return err
		}
	}
	draft, err := reward.New(v.known(), &wish)
	if err != nil {
		return err
	}
	text, err := manifestOf(draft.Request)
	if err != nil {
		return err
	}
	text = append(bytes.Clone([]byte(sprintf("# %s.\n", draft.Account))), text...)
	if err := wouldBeTaken(ctx, text); err != nil {
		return err
	}
	tellf(command, "%s.\n", draft.Account)
	for _, line := range draft.Verdict {
		tellf(command, "%s\n", line)
	}
	file, err := writeManifest(command.OutOrStdout(), cmp.Or(o.write, draft.Request.Name+".yaml"), draft.Request.Name, text)
	if err == nil && file != "" {
		err = answerf(command, "%s: MDFAllocation %s/%s is written; it counts once it is applied\n", file, draft.Request.Namespace, draft.Request.Name)
	}
	return err
}

// wish returns what the flags say.
func (o *rewardOptions) wish() (w reward.Wish, err error) {
	switch {
	case o.reward == "":
		return w, errors.New("say which reward: --reward NAME")
	case o.period == "":
		return w, errors.New("say in which interval it was earned: --period, such as FY2027-Q1")
	case len(o.files) > 0 && o.by == "":
		return w, errors.New("files do not show who you are: say with --by who requests, by user name")
	case o.draft && o.requestedOn != "":
		return w, errors.New("--draft leaves out the day that --requested-on gives: leave out one")
	}
	w = reward.Wish{Reward: o.reward, Budget: o.budget, Name: o.name, By: o.by, On: v1alpha1.Date(o.requestedOn), Draft: o.draft}
	w.Period, err = periodOf(o.period)
	return w, err
}
