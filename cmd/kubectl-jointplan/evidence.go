package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/decision"
)

// evidence are the options of who records the decision of somebody else from a document.
type evidence struct {
	file       string
	document   string
	channel    string
	received   string
	recordedBy string
}

func (e *evidence) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&e.file, "evidence", "", "record the decision of --by, who has no account, from this file: its SHA-256 is recorded, the file stays where it is")
	flags.StringVar(&e.document, "document", "", "where the evidence is kept: an address, or its number (default the file's name)")
	flags.StringVar(&e.channel, "channel", "", "how the evidence came: Form, SignedDocument or Mail")
	flags.StringVar(&e.received, "received", "", "day on which the evidence came (default the day of the decision, by UTC)")
	flags.StringVar(&e.recordedBy, "recorded-by", "", "user name of who records it (default in a cluster: you)")
}

// check refuses options that do not go together.
func (e *evidence) check(w *decision.Wish, files bool) error {
	if e.file == "" {
		if e.document+e.channel+e.received+e.recordedBy != "" {
			return errors.New("--document, --channel, --received and --recorded-by are about the file that shows the decision: name it with --evidence")
		}
		return nil
	}
	switch {
	case w.By == "":
		return errors.New("say with --by whose decision the evidence shows")
	case w.Party == v1alpha1.PartyVendor:
		return errors.New("--evidence is for decisions of the partner: the vendor's people decide under their own accounts")
	case files && e.recordedBy == "":
		return errors.New("files do not show who you are: say with --recorded-by who records the decision, by user name")
	}
	for _, channel := range []v1alpha1.EvidenceChannel{v1alpha1.ChannelForm, v1alpha1.ChannelSignedDocument, v1alpha1.ChannelMail} {
		if strings.EqualFold(e.channel, string(channel)) {
			e.channel = string(channel)
			return nil
		}
	}
	return fmt.Errorf("--channel %q: must be Form, SignedDocument or Mail", e.channel)
}

// attest adds to a wish who records it, and from what.
func (e *evidence) attest(ctx context.Context, v *view, w *decision.Wish) error {
	if e.file == "" {
		return nil
	}
	digest, err := digestOf(e.file)
	if err != nil {
		return usageError{fmt.Errorf("--evidence: %w", err)}
	}
	by := e.recordedBy
	if by == "" {
		if by, err = whoAmI(ctx, v.client); err != nil {
			return err
		}
	}
	w.Party = v1alpha1.PartyPartner
	w.Attestation = &v1alpha1.Attestation{
		RecordedBy: by, Document: v1alpha1.Note(cmp.Or(e.document, filepath.Base(e.file))), SHA256: digest, Channel: v1alpha1.EvidenceChannel(e.channel),
		ReceivedOn: v1alpha1.Date(cmp.Or(e.received, w.At.UTC().Format(time.DateOnly))),
	}
	return nil
}

// digestOf returns the SHA-256 digest of a document: a file that holds something. It waits for nobody who would write into a pipe.
func digestOf(name string) (string, error) {
	file, err := os.OpenFile(filepath.Clean(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", fmt.Errorf("cannot read %s: %w", name, pathReason(err))
	}
	defer func() { _ = file.Close() }()
	switch info, err := file.Stat(); {
	case err != nil:
		return "", fmt.Errorf("cannot read %s: %w", name, pathReason(err))
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is not a file: name the document that shows the decision", name)
	}
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	if err != nil {
		return "", fmt.Errorf("cannot read %s: %w", name, pathReason(err))
	}
	if n == 0 {
		return "", fmt.Errorf("%s is empty: it shows nothing", name)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
