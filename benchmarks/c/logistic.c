/* The logistic regression of examples/logistic.pull: plain loops. */

#include <math.h>
#include <string.h>

static double probability(const double *restrict w, double b, const double *restrict x, long d)
{
    double sum = b;
    for (long j = 0; j < d; j++)
        sum += w[j] * x[j];
    return 1 / (1 + exp(-sum));
}

double logistic_value(const double *restrict w, const double *b, const double *restrict xs, const double *restrict ys, long n, long d)
{
    double total = 0;
    for (long i = 0; i < n; i++) {
        double p = probability(w, *b, xs + i * d, d);
        total -= ys[i] * log(p) + (1 - ys[i]) * log(1 - p);
    }
    return total / n;
}

double logistic_gradient(const double *restrict w, const double *b, const double *restrict xs, const double *restrict ys,
                         double *restrict dw, double *restrict db, long n, long d)
{
    double total = 0;
    memset(dw, 0, d * sizeof *dw);
    *db = 0;
    for (long i = 0; i < n; i++) {
        const double *x = xs + i * d;
        double p = probability(w, *b, x, d), dp = (p - ys[i]) / n;
        total -= ys[i] * log(p) + (1 - ys[i]) * log(1 - p);
        for (long j = 0; j < d; j++)
            dw[j] += dp * x[j];
        *db += dp;
    }
    return total / n;
}
