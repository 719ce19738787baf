/* The network of examples/mlp.pull: plain loops, in the order in which they run over rows. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What one sample says: hidden layer before relu (u), outputs (z); the sample's loss. */
static double forward(const double *restrict w1, const double *restrict b1, const double *restrict w2, const double *restrict b2,
                      const double *restrict x, long y, double *restrict u, double *restrict z, long d, long h, long k)
{
    memcpy(u, b1, h * sizeof *u);
    memcpy(z, b2, k * sizeof *z);
    for (long l = 0; l < d; l++)
        for (long j = 0; j < h; j++)
            u[j] += x[l] * w1[l * h + j];
    for (long j = 0; j < h; j++)
        for (long c = 0; c < k; c++)
            z[c] += (u[j] > 0 ? u[j] : 0) * w2[j * k + c];
    double most = -INFINITY, sum = 0;
    for (long c = 0; c < k; c++)
        most = z[c] > most ? z[c] : most;
    for (long c = 0; c < k; c++)
        sum += exp(z[c] - most);
    return most + log(sum) - z[y];
}

double mlp_value(const double *restrict w1, const double *restrict b1, const double *restrict w2, const double *restrict b2,
                 const double *restrict xs, const long *restrict ys, long n, long d, long h, long k)
{
    double *u = malloc(h * sizeof *u), *z = malloc(k * sizeof *z), total = 0;
    for (long i = 0; i < n; i++)
        total += forward(w1, b1, w2, b2, xs + i * d, ys[i], u, z, d, h, k);
    free(u), free(z);
    return total / n;
}

double mlp_step(const double *restrict w1, const double *restrict b1, const double *restrict w2, const double *restrict b2,
                const double *restrict xs, const long *restrict ys, const double *rate, double *restrict v1,
                double *restrict c1, double *restrict v2, double *restrict c2, long n, long d, long h, long k)
{
    double *restrict u = malloc(h * sizeof *u), *restrict z = malloc(k * sizeof *z), total = 0, scale = rate[0] / n;
    memcpy(v1, w1, d * h * sizeof *v1);
    memcpy(c1, b1, h * sizeof *c1);
    memcpy(v2, w2, h * k * sizeof *v2);
    memcpy(c2, b2, k * sizeof *c2);
    for (long i = 0; i < n; i++) {
        const double *x = xs + i * d;
        double most = -INFINITY, sum = 0;
        total += forward(w1, b1, w2, b2, x, ys[i], u, z, d, h, k);
        for (long c = 0; c < k; c++)
            most = z[c] > most ? z[c] : most;
        for (long c = 0; c < k; c++)
            sum += z[c] = exp(z[c] - most);
        for (long c = 0; c < k; c++) {
            z[c] = scale * (z[c] / sum - (c == ys[i]));
            c2[c] -= z[c];
        }
        for (long j = 0; j < h; j++) {
            double du = 0;
            for (long c = 0; c < k; c++) {
                v2[j * k + c] -= (u[j] > 0 ? u[j] : 0) * z[c];
                du += w2[j * k + c] * z[c];
            }
            u[j] = u[j] > 0 ? du : 0;
            c1[j] -= u[j];
        }
        for (long l = 0; l < d; l++)
            for (long j = 0; j < h; j++)
                v1[l * h + j] -= x[l] * u[j];
    }
    free(u), free(z);
    return total / n;
}
