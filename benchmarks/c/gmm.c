/* The log-likelihood of a Gaussian mixture and its gradient, blocked by hand: what a person who knows the machine writes.

   A block of BLOCK points at a time, coordinates outermost, so that points lie side by side (the "lanes"); per block and
   component the whitened points, their squared norms, then the softmax over components, then the reverse of the same block
   while it is in the cache. Sums over points are made per block in registers. The linear maps that all points share (the
   triangle's transpose in the gradient by mu) are applied once, to the sum over points.

   Formula and layout are those of examples/gmm.pull: q[k, d] logarithms of the diagonal, l[k, d(d-1)/2] packed columns.
   gcc -O3 -march=native -ffast-math -shared -fPIC */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 64
#ifdef __AVX512F__
#define STEP 32
#else
#define STEP 16
#endif /* points whose sums stay in four registers */

static double logsumexp(const double *x, long n) {
    double a = -INFINITY, s = 0;
    for (long i = 0; i < n; i++) a = x[i] > a ? x[i] : a;
    for (long i = 0; i < n; i++) s += exp(x[i] - a);
    return a + log(s);
}

typedef double lanes __attribute__((vector_size(STEP * sizeof(double) / 4), aligned(8))); /* four fill a step */
#define WIDE (STEP / 4)

static inline lanes at(const double *p) { return *(const lanes *)p; }

static inline double across(lanes v) {
    double s = 0;
    for (int j = 0; j < WIDE; j++) s += v[j];
    return s;
}

/* z[r][·] = Q (x - mu) of a block, and the sum of its squares in norm[·]. t[r][c] is row-major lower, its diagonal exp(q). */
static void whiten(long d, const double *restrict t, const double *restrict y, double *restrict z, double *restrict norm) {
    memset(norm, 0, BLOCK * sizeof(double));
    for (long r = 0; r < d; r++)
        for (long b = 0; b < BLOCK; b += STEP) {
            const double *p = y + b;
            lanes s0 = {0}, s1 = s0, s2 = s0, s3 = s0;
            for (long c = 0; c <= r; c++, p += BLOCK) {
                const double f = t[r * d + c];
                s0 += f * at(p), s1 += f * at(p + WIDE), s2 += f * at(p + 2 * WIDE), s3 += f * at(p + 3 * WIDE);
            }
            double *to = z + r * BLOCK + b, *sq = norm + b;
            *(lanes *)to = s0, *(lanes *)(to + WIDE) = s1, *(lanes *)(to + 2 * WIDE) = s2, *(lanes *)(to + 3 * WIDE) = s3;
            *(lanes *)sq += s0 * s0, *(lanes *)(sq + WIDE) += s1 * s1;
            *(lanes *)(sq + 2 * WIDE) += s2 * s2, *(lanes *)(sq + 3 * WIDE) += s3 * s3;
        }
}

/* row[c] += the sum over the block of dz · y[c], for c <= r. */
static void outer(long r, const double *restrict dz, const double *restrict y, double *restrict row) {
    long c = 0;
    for (; c + 4 <= r + 1; c += 4) {
        const double *p = y + c * BLOCK;
        lanes g0 = {0}, g1 = g0, g2 = g0, g3 = g0;
        for (int j = 0; j < BLOCK; j += WIDE, p += WIDE) {
            const lanes f = at(dz + j);
            g0 += f * at(p), g1 += f * at(p + BLOCK), g2 += f * at(p + 2 * BLOCK), g3 += f * at(p + 3 * BLOCK);
        }
        row[c] += across(g0), row[c + 1] += across(g1), row[c + 2] += across(g2), row[c + 3] += across(g3);
    }
    for (; c <= r; c++) {
        lanes g = {0};
        for (int j = 0; j < BLOCK; j += WIDE) g += at(dz + j) * at(y + c * BLOCK + j);
        row[c] += across(g);
    }
}

static void triangle(long d, const double *q, const double *l, double *t) {
    for (long c = 0; c < d; c++) {
        t[c * d + c] = exp(q[c]);
        for (long r = c + 1; r < d; r++) t[r * d + c] = *l++;
    }
}

/* Value, and where galpha is not null the gradient by alpha, mu, q, l. */
double gmm(long n, long d, long k, const double *alpha, const double *mu, const double *q, const double *l, const double *x,
           double *galpha, double *gmu, double *gq, double *gl) {
    const long e = d * (d - 1) / 2;
    double *t = malloc(sizeof(double) * (k * d * d + d * BLOCK + k * d * BLOCK + k * BLOCK + k * d * (d + 1)));
    double *xs = t + k * d * d, *zs = xs + d * BLOCK, *beta = zs + k * d * BLOCK, *gt = beta + k * BLOCK, *gs = gt + k * d * d;
    double *y = aligned_alloc(64, sizeof(double) * d * BLOCK);
    double *shift = malloc(sizeof(double) * k), *sums = calloc(k, sizeof(double)), total = 0;
    for (long a = 0; a < k; a++) {
        triangle(d, q + a * d, l + a * e, t + a * d * d);
        shift[a] = alpha[a];
        for (long r = 0; r < d; r++) shift[a] += q[a * d + r];
    }
    memset(gt, 0, sizeof(double) * k * d * (d + 1));
    for (long i = 0; i < n; i += BLOCK) {
        const long count = n - i < BLOCK ? n - i : BLOCK;
        memset(xs, 0, sizeof(double) * d * BLOCK);
        for (long j = 0; j < count; j++)
            for (long r = 0; r < d; r++) xs[r * BLOCK + j] = x[(i + j) * d + r];
        double best[BLOCK], sum[BLOCK] = {0}, norm[BLOCK];
        for (int j = 0; j < BLOCK; j++) best[j] = -INFINITY;
        for (long a = 0; a < k; a++) {
            for (long r = 0; r < d; r++)
                for (int j = 0; j < BLOCK; j++) y[r * BLOCK + j] = xs[r * BLOCK + j] - mu[a * d + r];
            whiten(d, t + a * d * d, y, zs + a * d * BLOCK, norm);
            for (int j = 0; j < BLOCK; j++) {
                const double v = shift[a] - 0.5 * norm[j];
                beta[a * BLOCK + j] = v;
                best[j] = v > best[j] ? v : best[j];
            }
        }
        for (long a = 0; a < k; a++)
            for (int j = 0; j < BLOCK; j++) sum[j] += beta[a * BLOCK + j] = exp(beta[a * BLOCK + j] - best[j]);
        for (int j = 0; j < count; j++) total += best[j] + log(sum[j]);
        if (!galpha) continue;
        double w[BLOCK], rest[BLOCK];
        for (int j = 0; j < BLOCK; j++) rest[j] = j < count ? 1 / sum[j] : 0;
        for (long a = 0; a < k; a++) {
            double *z = zs + a * d * BLOCK, s = 0;
            for (int j = 0; j < BLOCK; j++) s += w[j] = beta[a * BLOCK + j] * rest[j];
            sums[a] += s;
            for (long r = 0; r < d; r++) {
                double g = 0;
                for (int j = 0; j < BLOCK; j++) g += z[r * BLOCK + j] *= -w[j];
                gs[a * d + r] += g;
                for (int j = 0; j < BLOCK; j++) y[r * BLOCK + j] = xs[r * BLOCK + j] - mu[a * d + r];
            }
            for (long r = 0; r < d; r++)
                outer(r, z + r * BLOCK, y, gt + (a * d + r) * d);
        }
    }
    const double whole = logsumexp(alpha, k);
    if (galpha)
        for (long a = 0; a < k; a++) {
            galpha[a] = sums[a] - n * exp(alpha[a] - whole);
            double *gla = gl + a * e;
            for (long c = 0; c < d; c++) {
                const double diagonal = t[(a * d + c) * d + c];
                double g = 0;
                for (long r = c; r < d; r++) g -= t[(a * d + r) * d + c] * gs[a * d + r];
                gmu[a * d + c] = g;
                gq[a * d + c] = sums[a] + gt[(a * d + c) * d + c] * diagonal;
                for (long r = c + 1; r < d; r++) *gla++ = gt[(a * d + r) * d + c];
            }
        }
    free(t), free(y), free(shift), free(sums);
    return total - n * whole - n * (double)d * log(2 * M_PI) / 2;
}
