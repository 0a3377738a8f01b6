package plane

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const (
	certificateLife = 365 * 24 * time.Hour
	// renewBefore is the rest of its life below which a certificate is made
	// anew at the next start: a plane may run for days.
	renewBefore = 30 * 24 * time.Hour
)

// pki names the files with the certificates and keys of one plane.
type pki struct {
	CA                    string
	ServerCert, ServerKey string
	AdminCert, AdminKey   string
	ServiceAccountKey     string
}

// pkiIn returns the file names below dir.
func pkiIn(dir string) pki {
	return pki{
		CA:                filepath.Join(dir, "ca.crt"),
		ServerCert:        filepath.Join(dir, "server.crt"),
		ServerKey:         filepath.Join(dir, "server.key"),
		AdminCert:         filepath.Join(dir, "admin.crt"),
		AdminKey:          filepath.Join(dir, "admin.key"),
		ServiceAccountKey: filepath.Join(dir, "service-account.key"),
	}
}

// ensurePKI makes whatever is missing or about to expire at the instant now. The
// key of the service accounts is kept for as long as the data, because it signs
// tokens that outlive a restart; the key of the authority is not kept at all,
// because nothing is signed after the start.
func ensurePKI(dir string, now time.Time) (pki, error) {
	files := pkiIn(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return files, err
	}
	if _, err := os.Stat(files.ServiceAccountKey); errors.Is(err, os.ErrNotExist) {
		if _, err := newKey(files.ServiceAccountKey); err != nil {
			return files, fmt.Errorf("service account key: %w", err)
		}
	}
	if files.usable(now) {
		return files, nil
	}
	return files, files.issue(now)
}

// usable reports whether every certificate belongs to its key and to the
// authority, and is valid for a while after now.
func (f pki) usable(now time.Time) bool {
	roots, err := f.roots()
	if err != nil {
		return false
	}
	for cert, key := range map[string]string{f.ServerCert: f.ServerKey, f.AdminCert: f.AdminKey} {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil || pair.Leaf == nil {
			return false
		}
		for _, at := range []time.Time{now, now.Add(renewBefore)} {
			options := x509.VerifyOptions{Roots: roots, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
			if _, err := pair.Leaf.Verify(options); err != nil {
				return false
			}
		}
	}
	return true
}

// roots returns the authority as a pool.
func (f pki) roots() (*x509.CertPool, error) {
	data, err := os.ReadFile(f.CA)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("%s holds no certificate", f.CA)
	}
	return pool, nil
}

// clientTLS returns the configuration of a client that is the plane's admin.
func (f pki) clientTLS() (*tls.Config, error) {
	roots, err := f.roots()
	if err != nil {
		return nil, err
	}
	pair, err := tls.LoadX509KeyPair(f.AdminCert, f.AdminKey)
	if err != nil {
		return nil, err
	}
	return &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// issue makes a new authority and all certificates below it.
func (f pki) issue(now time.Time) error {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	ca := certificate("localplane-ca", now)
	ca.IsCA, ca.BasicConstraintsValid = true, true
	ca.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	if err := writeCertificate(f.CA, ca, ca, caKey.Public(), caKey); err != nil {
		return err
	}

	server := certificate("localplane", now)
	server.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	server.DNSNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}
	server.IPAddresses = []net.IP{net.ParseIP(loopback)}

	admin := certificate("localplane-admin", now)
	admin.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	admin.Subject.Organization = []string{"system:masters"} // the group that may do everything

	for _, leaf := range []struct {
		cert, key string
		template  *x509.Certificate
	}{{f.ServerCert, f.ServerKey, server}, {f.AdminCert, f.AdminKey, admin}} {
		key, err := newKey(leaf.key)
		if err != nil {
			return err
		}
		if err := writeCertificate(leaf.cert, leaf.template, ca, key.Public(), caKey); err != nil {
			return err
		}
	}
	return nil
}

// certificate returns the template that all certificates share.
func certificate(name string, now time.Time) *x509.Certificate {
	// A random serial number: clients that cache certificates must not take
	// those of one plane for those of another.
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		panic(err) // crypto/rand does not fail on a supported system
	}
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-time.Hour), // a clock that is set back a little does no harm
		NotAfter:     now.Add(certificateLife),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
}

// newKey makes a private key and writes it to path.
func newKey(path string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, writePEM(path, "EC PRIVATE KEY", der)
}

// writeCertificate signs a certificate and writes it to path.
func writeCertificate(path string, template, parent *x509.Certificate, public, signer any) error {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, signer)
	if err != nil {
		return fmt.Errorf("certificate %s: %w", template.Subject.CommonName, err)
	}
	return writePEM(path, "CERTIFICATE", der)
}

func writePEM(path, kind string, der []byte) error {
	return writeFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
