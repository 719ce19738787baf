/* The lstm of lstm.pull in frontends/gradbench/evals: plain loops, and its gradient by hand (every step's gates kept). */

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

/* main: [l][weight, bias][forget, take, put, change][b], extra: [input, output, bias of the output][b], state h, c: [l][b] */
double lstm_value(const double *restrict main, const double *restrict extra, const double *restrict h0,
                  const double *restrict c0, const double *restrict sequence, long l, long b, long n)
{
    double *restrict h = malloc(l * b * sizeof *h), *restrict c = malloc(l * b * sizeof *c), *restrict x = malloc(b * sizeof *x);
    double total = 0;
    memcpy(h, h0, l * b * sizeof *h);
    memcpy(c, c0, l * b * sizeof *c);
    for (long t = 0; t < n - 1; t++) {
        for (long i = 0; i < b; i++)
            x[i] = sequence[t * b + i] * extra[i];
        for (long k = 0; k < l; k++) {
            const double *w = main + k * 8 * b, *bias = w + 4 * b;
            for (long i = 0; i < b; i++) {
                double forget = sigmoid(x[i] * w[i] + bias[i]);
                double take = sigmoid(h[k * b + i] * w[b + i] + bias[b + i]);
                double put = sigmoid(x[i] * w[2 * b + i] + bias[2 * b + i]);
                double change = tanh(h[k * b + i] * w[3 * b + i] + bias[3 * b + i]);
                c[k * b + i] = forget * c[k * b + i] + take * change;
                x[i] = h[k * b + i] = put * tanh(c[k * b + i]);
            }
        }
        double sum = 0;
        for (long i = 0; i < b; i++)
            sum += exp(x[i] * extra[b + i] + extra[2 * b + i]);
        double log_sum = log(2 + sum);
        for (long i = 0; i < b; i++)
            total += sequence[(t + 1) * b + i] * (x[i] * extra[b + i] + extra[2 * b + i] - log_sum);
    }
    free(h), free(c), free(x);
    return -total / ((n - 1) * b);
}

/* What a step keeps, for each layer and each i. */
typedef struct { double x, h, c, forget, take, put, change, squashed; } kept;

double lstm_gradient(const double *restrict main, const double *restrict extra, const double *restrict h0,
                     const double *restrict c0, const double *restrict sequence, double *restrict dmain,
                     double *restrict dextra, long l, long b, long n)
{
    kept *restrict all = malloc((n - 1) * l * b * sizeof *all);
    double *restrict h = malloc(l * b * sizeof *h), *restrict c = malloc(l * b * sizeof *c), *restrict x = malloc(b * sizeof *x);
    double *restrict dh = calloc(l * b, sizeof *dh), *restrict dc = calloc(l * b, sizeof *dc), *restrict dx = malloc(b * sizeof *dx);
    double *restrict e = malloc((n - 1) * b * sizeof *e), *restrict sums = malloc((n - 1) * sizeof *sums);
    double total = 0, seed = -1.0 / ((n - 1) * b);
    memcpy(h, h0, l * b * sizeof *h);
    memcpy(c, c0, l * b * sizeof *c);
    memset(dmain, 0, 8 * l * b * sizeof *dmain);
    memset(dextra, 0, 3 * b * sizeof *dextra);
    for (long t = 0; t < n - 1; t++) {
        for (long i = 0; i < b; i++)
            x[i] = sequence[t * b + i] * extra[i];
        for (long k = 0; k < l; k++) {
            const double *w = main + k * 8 * b, *bias = w + 4 * b;
            for (long i = 0; i < b; i++) {
                kept *s = &all[(t * l + k) * b + i];
                s->x = x[i], s->h = h[k * b + i], s->c = c[k * b + i];
                s->forget = sigmoid(x[i] * w[i] + bias[i]);
                s->take = sigmoid(s->h * w[b + i] + bias[b + i]);
                s->put = sigmoid(x[i] * w[2 * b + i] + bias[2 * b + i]);
                s->change = tanh(s->h * w[3 * b + i] + bias[3 * b + i]);
                c[k * b + i] = s->forget * s->c + s->take * s->change;
                s->squashed = tanh(c[k * b + i]);
                x[i] = h[k * b + i] = s->put * s->squashed;
            }
        }
        double sum = 2;
        for (long i = 0; i < b; i++)
            sum += e[t * b + i] = exp(x[i] * extra[b + i] + extra[2 * b + i]);
        sums[t] = sum;
        double log_sum = log(sum);
        for (long i = 0; i < b; i++)
            total += sequence[(t + 1) * b + i] * (x[i] * extra[b + i] + extra[2 * b + i] - log_sum);
    }
    for (long t = n - 2; t >= 0; t--) {
        const double *next = sequence + (t + 1) * b;
        double weight = 0;
        for (long i = 0; i < b; i++)
            weight += next[i];
        for (long i = 0; i < b; i++) {
            const kept *s = &all[(t * l + l - 1) * b + i];
            double dy = seed * (next[i] - weight * e[t * b + i] / sums[t]);
            dx[i] = dy * extra[b + i];
            dextra[b + i] += dy * s->put * s->squashed;
            dextra[2 * b + i] += dy;
        }
        for (long k = l - 1; k >= 0; k--) {
            const double *w = main + k * 8 * b;
            double *dw = dmain + k * 8 * b, *dbias = dw + 4 * b;
            for (long i = 0; i < b; i++) {
                const kept *s = &all[(t * l + k) * b + i];
                double dout = dh[k * b + i] + dx[i];
                double dmemory = dc[k * b + i] + dout * s->put * (1 - s->squashed * s->squashed);
                double dput = dout * s->squashed * s->put * (1 - s->put);
                double dforget = dmemory * s->c * s->forget * (1 - s->forget);
                double dtake = dmemory * s->change * s->take * (1 - s->take);
                double dchange = dmemory * s->take * (1 - s->change * s->change);
                dw[i] += dforget * s->x, dbias[i] += dforget;
                dw[b + i] += dtake * s->h, dbias[b + i] += dtake;
                dw[2 * b + i] += dput * s->x, dbias[2 * b + i] += dput;
                dw[3 * b + i] += dchange * s->h, dbias[3 * b + i] += dchange;
                dc[k * b + i] = dmemory * s->forget;
                dh[k * b + i] = dtake * w[b + i] + dchange * w[3 * b + i];
                dx[i] = dforget * w[i] + dput * w[2 * b + i];
            }
        }
        for (long i = 0; i < b; i++)
            dextra[i] += dx[i] * sequence[t * b + i];
    }
    free(all), free(h), free(c), free(x), free(dh), free(dc), free(dx), free(e), free(sums);
    return total * seed;
}
