/* The convolution of examples/convolution.pull: plain loops, the innermost along the rows of the images. */

#include <string.h>

#define LAYER(real, suffix)                                                                                                  \
    void forward_##suffix(const real *restrict filters, const real *restrict images, real *restrict out, long n, long o,   \
                          long c, long r, long s, long y, long x)                                                           \
    {                                                                                                                       \
        long h = y - r + 1, w = x - s + 1;                                                                                  \
        memset(out, 0, n * o * h * w * sizeof *out);                                                                        \
        for (long i = 0; i < n; i++)                                                                                        \
            for (long f = 0; f < o; f++)                                                                                    \
                for (long p = 0; p < c; p++)                                                                                \
                    for (long a = 0; a < h; a++)                                                                            \
                        for (long q = 0; q < r; q++)                                                                        \
                            for (long t = 0; t < s; t++) {                                                                  \
                                real weight = filters[((f * c + p) * r + q) * s + t];                                       \
                                const real *row = images + ((i * c + p) * y + a + q) * x + t;                               \
                                real *target = out + ((i * o + f) * h + a) * w;                                             \
                                for (long b = 0; b < w; b++)                                                                \
                                    target[b] += weight * row[b];                                                           \
                            }                                                                                               \
    }                                                                                                                       \
                                                                                                                            \
    void backward_##suffix(const real *restrict filters, const real *restrict images, const real *restrict cotangent,      \
                           real *restrict dfilters, real *restrict dimages, long n, long o, long c, long r, long s, long y, \
                           long x)                                                                                          \
    {                                                                                                                       \
        long h = y - r + 1, w = x - s + 1;                                                                                  \
        memset(dfilters, 0, o * c * r * s * sizeof *dfilters);                                                              \
        memset(dimages, 0, n * c * y * x * sizeof *dimages);                                                                \
        for (long i = 0; i < n; i++)                                                                                        \
            for (long f = 0; f < o; f++)                                                                                    \
                for (long p = 0; p < c; p++)                                                                                \
                    for (long a = 0; a < h; a++)                                                                            \
                        for (long q = 0; q < r; q++)                                                                        \
                            for (long t = 0; t < s; t++) {                                                                  \
                                real weight = filters[((f * c + p) * r + q) * s + t], sum = 0;                              \
                                const real *row = images + ((i * c + p) * y + a + q) * x + t;                               \
                                const real *source = cotangent + ((i * o + f) * h + a) * w;                                 \
                                real *target = dimages + ((i * c + p) * y + a + q) * x + t;                                 \
                                for (long b = 0; b < w; b++) {                                                              \
                                    sum += source[b] * row[b];                                                              \
                                    target[b] += weight * source[b];                                                        \
                                }                                                                                           \
                                dfilters[((f * c + p) * r + q) * s + t] += sum;                                             \
                            }                                                                                               \
    }

LAYER(double, d)
LAYER(float, f)
