/* gmm.c, the likelihood blocked by hand, with the prior. */
#include "gmm.c"
#include "gmm_prior.h"

double gmm_value(long n, long d, long k, const double *alpha, const double *mu, const double *q, const double *l, const double *x) {
    return gmm(n, d, k, alpha, mu, q, l, x, 0, 0, 0, 0) + log_wishart(d, k, q, l);
}

void gmm_gradient(long n, long d, long k, const double *alpha, const double *mu, const double *q, const double *l, const double *x,
                  double *dalpha, double *dmu, double *dq, double *dl) {
    gmm(n, d, k, alpha, mu, q, l, x, dalpha, dmu, dq, dl);
    log_wishart_gradient(d, k, q, l, dq, dl);
}
