/* The gmm objective and its gradient, point after point in plain loops, as one writes them by hand.
 * Q_a is lower triangular: exp(q) on the diagonal, below it l, column by column. */
#include <stdlib.h>

#include "gmm_prior.h"

static double log_sum_exp(long k, const double *x) {
    double top = x[0], sum = 0;
    for (long a = 1; a < k; a++) top = x[a] > top ? x[a] : top;
    for (long a = 0; a < k; a++) sum += exp(x[a] - top);
    return top + log(sum);
}

/* z = Q_a (x - mu_a); c = x - mu_a; returns |z|^2 */
static double whiten(long d, const double *e, const double *l, const double *mu, const double *x, double *c, double *z) {
    double square = 0;
    for (long r = 0; r < d; r++) {
        c[r] = x[r] - mu[r];
        z[r] = e[r] * c[r];
    }
    for (long s = 0, at = 0; s < d; s++)
        for (long r = s + 1; r < d; r++, at++) z[r] += l[at] * c[s];
    for (long r = 0; r < d; r++) square += z[r] * z[r];
    return square;
}

double gmm_value(long n, long d, long k, const double *alpha, const double *mu, const double *q, const double *l, const double *x) {
    long packed = d * (d - 1) / 2;
    double *e = malloc(sizeof(double) * (k * d + 2 * k + 2 * d)), *shift = e + k * d, *beta = shift + k, *c = beta + k, *z = c + d;
    for (long i = 0; i < k * d; i++) e[i] = exp(q[i]);
    for (long a = 0; a < k; a++) {
        shift[a] = alpha[a];
        for (long r = 0; r < d; r++) shift[a] += q[a * d + r];
    }
    double value = log_wishart(d, k, q, l) - n * log_sum_exp(k, alpha) - (double)(n * d) * log(2 * M_PI) / 2;
    for (long i = 0; i < n; i++) {
        for (long a = 0; a < k; a++)
            beta[a] = shift[a] - whiten(d, e + a * d, l + a * packed, mu + a * d, x + i * d, c, z) / 2;
        value += log_sum_exp(k, beta);
    }
    free(e);
    return value;
}

void gmm_gradient(long n, long d, long k, const double *alpha, const double *mu, const double *q, const double *l, const double *x,
                  double *dalpha, double *dmu, double *dq, double *dl) {
    long packed = d * (d - 1) / 2;
    double *e = malloc(sizeof(double) * (3 * k * d + 2 * k));
    double *shift = e + k * d, *beta = shift + k, *c = beta + k, *z = c + k * d;
    double norm = log_sum_exp(k, alpha);
    for (long i = 0; i < k * d; i++) {
        e[i] = exp(q[i]);
        dq[i] = dmu[i] = 0;
    }
    for (long i = 0; i < k * packed; i++) dl[i] = 0;
    for (long a = 0; a < k; a++) {
        shift[a] = alpha[a];
        for (long r = 0; r < d; r++) shift[a] += q[a * d + r];
        dalpha[a] = -(double)n * exp(alpha[a] - norm);
    }
    for (long i = 0; i < n; i++) {
        for (long a = 0; a < k; a++)
            beta[a] = shift[a] - whiten(d, e + a * d, l + a * packed, mu + a * d, x + i * d, c + a * d, z + a * d) / 2;
        double total = log_sum_exp(k, beta);
        for (long a = 0; a < k; a++) {
            double w = exp(beta[a] - total), *ca = c + a * d, *za = z + a * d;
            double *dm = dmu + a * d, *dqa = dq + a * d, *dla = dl + a * packed;
            const double *ea = e + a * d, *la = l + a * packed;
            dalpha[a] += w;
            for (long s = 0, at = 0; s < d; s++) {
                double back = ea[s] * za[s];
                dqa[s] += w * (1 - back * ca[s]);
                for (long r = s + 1; r < d; r++, at++) {
                    back += la[at] * za[r];
                    dla[at] -= w * za[r] * ca[s];
                }
                dm[s] += w * back;
            }
        }
    }
    log_wishart_gradient(d, k, q, l, dq, dl);
    free(e);
}
