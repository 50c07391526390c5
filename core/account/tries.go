package account

import "context"

// CountWrong counts something wrong that came from a network, such as a token; Throttled if that came too often. It uses up nothing of
// what there is for signing in.
func (s *Service) CountWrong(ctx context.Context, what, network string) error {
	return s.throttle(ctx, "account.CountWrong", Charge{By: DigestOf(what+" at address", shortened(network)), Limit: perAddress})
}
