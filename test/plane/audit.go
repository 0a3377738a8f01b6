package plane

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Request is a request that the API server noted in its audit log.
type Request struct {
	// Verb is the verb, such as patch.
	Verb string
	// Object is the object, as resource/namespace/name; with the subresource at the end if there is one.
	Object string
	// Code is the HTTP status of the answer.
	Code int
}

// auditEvent is the part of a line of the audit log that is read.
type auditEvent struct {
	Stage     string `json:"stage"`
	Verb      string `json:"verb"`
	UserAgent string `json:"userAgent"`
	ObjectRef struct {
		Resource    string `json:"resource"`
		Namespace   string `json:"namespace"`
		Name        string `json:"name"`
		Subresource string `json:"subresource"`
		APIGroup    string `json:"apiGroup"`
	} `json:"objectRef"`
	ResponseStatus struct {
		Code int `json:"code"`
	} `json:"responseStatus"`
}

// Writes returns the writes to the project's kinds that a user agent made, as the API server counted them. The plane must have been started
// with --audit.
func Writes(tb testing.TB, userAgent string) []Request {
	tb.Helper()
	writes, err := WritesIn(filepath.Join(filepath.Dir(os.Getenv(Kubeconfig)), "audit.log"), func(agent string) bool { return agent == userAgent })
	if err != nil {
		tb.Fatal(err)
	}
	return writes
}

// WritesIn returns the writes to the project's kinds in an audit log, of the user agents that a filter keeps.
func WritesIn(path string, keep func(userAgent string) bool) ([]Request, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: start the plane with --audit", err)
	}
	defer func() { _ = file.Close() }()
	var writes []Request
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e auditEvent
		if json.Unmarshal(lines.Bytes(), &e) != nil || !keep(e.UserAgent) || e.Stage != "ResponseComplete" {
			continue
		}
		if e.ObjectRef.APIGroup != "channel.jointplan.dev" || e.Verb == "get" || e.Verb == "list" || e.Verb == "watch" {
			continue
		}
		object := e.ObjectRef.Resource + "/" + e.ObjectRef.Namespace + "/" + e.ObjectRef.Name
		if e.ObjectRef.Subresource != "" {
			object += "/" + e.ObjectRef.Subresource
		}
		writes = append(writes, Request{Verb: e.Verb, Object: object, Code: e.ResponseStatus.Code})
	}
	return writes, lines.Err()
}
