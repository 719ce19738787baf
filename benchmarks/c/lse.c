/* log sum exp and its gradient, in plain loops. */
#include <math.h>

double lse_value(long n, const double *x) {
    double top = -INFINITY, sum = 0;
    for (long i = 0; i < n; i++) top = x[i] > top ? x[i] : top;
    for (long i = 0; i < n; i++) sum += exp(x[i] - top);
    return top + log(sum);
}

void lse_gradient(long n, const double *x, double *dx) {
    double top = -INFINITY, sum = 0;
    for (long i = 0; i < n; i++) top = x[i] > top ? x[i] : top;
    for (long i = 0; i < n; i++) sum += dx[i] = exp(x[i] - top);
    for (long i = 0; i < n; i++) dx[i] /= sum;
}
