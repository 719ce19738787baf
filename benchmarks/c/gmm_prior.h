/* The Wishart prior of gmm with gamma = 1 and m = 0, as ADBench has it; its gradient is added to dq and dl. */
#include <math.h>

static double log_wishart(long d, long k, const double *q, const double *l) {
    long packed = d * (d - 1) / 2, degrees = d + 1;
    double squares = 0, gamma = (double)(d * (d - 1)) / 4 * log(M_PI);
    for (long j = 0; j < d; j++) gamma += lgamma((double)degrees / 2 - (double)j / 2);
    for (long i = 0; i < k * d; i++) squares += exp(2 * q[i]);
    for (long i = 0; i < k * packed; i++) squares += l[i] * l[i];
    return k * (-(double)(degrees * d) * log(2) / 2 - gamma) - squares / 2;
}

static void log_wishart_gradient(long d, long k, const double *q, const double *l, double *dq, double *dl) {
    long packed = d * (d - 1) / 2;
    for (long i = 0; i < k * d; i++) dq[i] -= exp(2 * q[i]);
    for (long i = 0; i < k * packed; i++) dl[i] -= l[i];
}
