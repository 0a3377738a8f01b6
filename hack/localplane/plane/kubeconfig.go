package plane

import (
	"encoding/base64"
	"fmt"
	"os"
)

// contextName is the name of the context, cluster and user in the kubeconfig.
const contextName = "localplane"

// kubeconfig returns a kubeconfig for the API server at the given port. All
// certificates are embedded, so that the file can be copied elsewhere.
func kubeconfig(port int, files pki) ([]byte, error) {
	encoded := make([]any, 0, 3)
	for _, path := range []string{files.CA, files.AdminCert, files.AdminKey} {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		encoded = append(encoded, base64.StdEncoding.EncodeToString(data))
	}
	const format = `apiVersion: v1
kind: Config
current-context: %[1]s
contexts:
- name: %[1]s
  context:
    cluster: %[1]s
    user: %[1]s-admin
clusters:
- name: %[1]s
  cluster:
    server: https://%[2]s
    certificate-authority-data: %[3]s
users:
- name: %[1]s-admin
  user:
    client-certificate-data: %[4]s
    client-key-data: %[5]s
`
	return fmt.Appendf(nil, format, append([]any{contextName, address(port)}, encoded...)...), nil
}
