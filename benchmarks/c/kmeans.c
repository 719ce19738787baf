/* k-means: the cost, its gradient by the centroids, and its Hessian times ones, in plain loops. */
#include <math.h>

/* The centroid nearest to x; its squared distance in *least. */
static long nearest(long d, long k, const double *x, const double *centroids, double *least) {
    long winner = -1;
    *least = INFINITY;
    for (long a = 0; a < k; a++) {
        double square = 0;
        for (long r = 0; r < d; r++) square += (x[r] - centroids[a * d + r]) * (x[r] - centroids[a * d + r]);
        if (square < *least) {
            *least = square;
            winner = a;
        }
    }
    return winner;
}

double kmeans_value(long n, long d, long k, const double *points, const double *centroids) {
    double cost = 0, least;
    for (long i = 0; i < n; i++) {
        nearest(d, k, points + i * d, centroids, &least);
        cost += least;
    }
    return cost;
}

void kmeans_gradient(long n, long d, long k, const double *points, const double *centroids, double *out) {
    double least;
    for (long i = 0; i < k * d; i++) out[i] = 0;
    for (long i = 0; i < n; i++) {
        long a = nearest(d, k, points + i * d, centroids, &least);
        for (long r = 0; r < d; r++) out[a * d + r] += 2 * (centroids[a * d + r] - points[i * d + r]);
    }
}

void kmeans_product(long n, long d, long k, const double *points, const double *centroids, double *out) {
    double least;
    for (long i = 0; i < k * d; i++) out[i] = 0;
    for (long i = 0; i < n; i++) {
        long a = nearest(d, k, points + i * d, centroids, &least);
        for (long r = 0; r < d; r++) out[a * d + r] += 2;
    }
}
