package main

import (
	"context"
	"fmt"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	authentication "k8s.io/client-go/kubernetes/typed/authentication/v1"
	"k8s.io/client-go/rest"
)

// whoAmI returns the user name as which the API server knows this manager. The admission policies have to name it, as they let nobody else
// write ledgers; every account may ask for its own name.
func whoAmI(ctx context.Context, config *rest.Config) (string, error) {
	client, err := authentication.NewForConfig(config)
	if err != nil {
		return "", fmt.Errorf("connect to the cluster: %w", err)
	}
	review, err := client.SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	if err != nil {
		return "", fmt.Errorf("ask the cluster for the name of the manager's account: %w", err)
	}
	return review.Status.UserInfo.Username, nil
}
