// SPDX-License-Identifier: MIT
// OpenMP's dynamic schedule with chunks of one: 1,000,000 squares by two threads, nanoseconds each.
#include <cstdio>
#include <ctime>
#include <vector>

namespace {

const int count = 1000000;

int square(const void *item, void *result)
{
	unsigned number = *static_cast<const int *>(item);

	*static_cast<int *>(result) = static_cast<int>(number * number);
	return 0;
}

int (*volatile callback)(const void *, void *) = square;

double now_ns()
{
	timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

double map(const std::vector<int> &in, std::vector<int> &out)
{
	int (*function)(const void *, void *) = callback;
	double begin = now_ns();

#pragma omp parallel for schedule(dynamic, 1) num_threads(2)
	for (int i = 0; i < count; i++)
		function(&in[i], &out[i]);
	return (now_ns() - begin) / count;
}

} // namespace

int main()
{
	std::vector<int> in(count, 3);
	std::vector<int> out(count);

	map(in, out);
	std::printf("%f\n", map(in, out));
	return 0;
}
