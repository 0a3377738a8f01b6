package plane

import "testing"

func TestOnlyServersWithDataInTheFolderAreStrays(t *testing.T) {
	tests := map[string]struct {
		args []string
		want bool
	}{
		"etcd on our data":        {[]string{"/assets/etcd", "--data-dir=/plane/etcd"}, true},
		"etcd on other data":      {[]string{"/assets/etcd", "--data-dir=/plane2/etcd"}, false},
		"another program":         {[]string{"less", "/plane/logs/etcd.log"}, false},
		"another with such flags": {[]string{"du", "--files0-from=/plane/etcd"}, false},
		"a thread of the kernel":  {[]string{""}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := ourCommandLine(test.args, "/plane"); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}
