/* Bundle adjustment's residuals, in plain loops. A camera is r(3), centre(3), f, u0, v0, k1, k2. */
#include <math.h>

static void project(const double *c, const double *x, double *seen) {
    double x0[3], y[3], square = 0;
    for (int i = 0; i < 3; i++) {
        x0[i] = x[i] - c[3 + i];
        square += c[i] * c[i];
    }
    if (square > 0) {
        double angle = sqrt(square), cosine = cos(angle), sine = sin(angle);
        double w[3] = {c[0] / angle, c[1] / angle, c[2] / angle};
        double along = (w[0] * x0[0] + w[1] * x0[1] + w[2] * x0[2]) * (1 - cosine);
        y[0] = x0[0] * cosine + (w[1] * x0[2] - w[2] * x0[1]) * sine + w[0] * along;
        y[1] = x0[1] * cosine + (w[2] * x0[0] - w[0] * x0[2]) * sine + w[1] * along;
        y[2] = x0[2] * cosine + (w[0] * x0[1] - w[1] * x0[0]) * sine + w[2] * along;
    } else {
        y[0] = x0[0] + c[1] * x0[2] - c[2] * x0[1];
        y[1] = x0[1] + c[2] * x0[0] - c[0] * x0[2];
        y[2] = x0[2] + c[0] * x0[1] - c[1] * x0[0];
    }
    double u = y[0] / y[2], v = y[1] / y[2], s = u * u + v * v, l = 1 + c[9] * s + c[10] * s * s;
    seen[0] = u * l * c[6] + c[7];
    seen[1] = v * l * c[6] + c[8];
}

void ba_value(long p, const double *cameras, const double *points, const double *weights, const double *seen, const long *at,
              double *misses, double *weight_errors) {
    for (long o = 0; o < p; o++) {
        double there[2];
        project(cameras + 11 * at[2 * o], points + 3 * at[2 * o + 1], there);
        misses[2 * o] = weights[o] * (there[0] - seen[2 * o]);
        misses[2 * o + 1] = weights[o] * (there[1] - seen[2 * o + 1]);
        weight_errors[o] = 1 - weights[o] * weights[o];
    }
}
