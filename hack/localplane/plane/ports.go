package plane

import (
	"fmt"
	"net"
	"strconv"
)

// loopback is the only address on which a plane listens.
const loopback = "127.0.0.1"

// address returns the loopback address with the given port.
func address(port int) string {
	return net.JoinHostPort(loopback, strconv.Itoa(port))
}

// freePorts returns n different TCP ports that are free on the loopback address
// right now. A preferred port is taken if it is free, so that the kubeconfig of
// a plane stays valid over a restart. Another program may still take a port
// before a server listens on it: the caller has to try again then.
func freePorts(n int, preferred []int) ([]int, error) {
	ports := make([]int, 0, n)
	// All listeners stay open until every port is chosen: otherwise the kernel
	// may hand out the same port twice.
	for i := range n {
		listener, err := listenOn(i, preferred)
		if err != nil {
			return nil, fmt.Errorf("no free port on %s: %w", loopback, err)
		}
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// listenOn listens on the i-th preferred port, or on any free one.
func listenOn(i int, preferred []int) (net.Listener, error) {
	if i < len(preferred) && preferred[i] != 0 {
		if listener, err := net.Listen("tcp", address(preferred[i])); err == nil {
			return listener, nil
		}
	}
	return net.Listen("tcp", address(0))
}

// portFree reports whether a server could listen on the port now.
func portFree(port int) bool {
	listener, err := net.Listen("tcp", address(port))
	if err != nil {
		return false
	}
	listener.Close()
	return true
}
