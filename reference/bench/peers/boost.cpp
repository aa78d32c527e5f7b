// SPDX-License-Identifier: MIT
// Boost.Interprocess: boost condition, or boost queue CAPACITY, prints nanoseconds.
#include <boost/interprocess/ipc/message_queue.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/anonymous_shared_memory.hpp>
#include <boost/interprocess/sync/interprocess_condition.hpp>
#include <boost/interprocess/sync/interprocess_mutex.hpp>
#include <boost/interprocess/sync/scoped_lock.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>
#include <sched.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace boost::interprocess;

namespace {

const int trips = 2000;
const int items = 50000;
const int item_size = 64;

double now_ns()
{
	timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

void run_on(int processor)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(processor, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

struct table {
	interprocess_mutex mutex;
	interprocess_condition changed[2];
	int turn = 0;
};

double condition()
{
	mapped_region region(anonymous_shared_memory(sizeof(table)));
	table *shared = new (region.get_address()) table;
	double begin = now_ns();
	pid_t child = fork();
	int me = child == 0;

	run_on(me);
	for (int i = 0; i < trips; i++) {
		scoped_lock<interprocess_mutex> lock(shared->mutex);

		while (shared->turn != me)
			shared->changed[me].wait(lock);
		shared->turn = 1 - me;
		shared->changed[1 - me].notify_one();
	}
	if (child == 0)
		_exit(0);
	waitpid(child, nullptr, 0);
	return (now_ns() - begin) / trips;
}

double queue(unsigned capacity)
{
	std::string name = "mp-bench-" + std::to_string(getpid());
	message_queue queue(create_only, name.c_str(), capacity, item_size);
	char item[item_size] = {0};
	double begin = now_ns();
	pid_t child = fork();

	for (int i = 0; i < items; i++) {
		message_queue::size_type size;
		unsigned priority;

		if (child == 0)
			queue.send(item, item_size, 0);
		else
			queue.receive(item, item_size, size, priority);
	}
	if (child == 0)
		_exit(0);
	waitpid(child, nullptr, 0);
	message_queue::remove(name.c_str());
	return (now_ns() - begin) / items;
}

} // namespace

int main(int argc, char **argv)
{
	if (argc == 2 && std::strcmp(argv[1], "condition") == 0)
		std::printf("%f\n", condition());
	else if (argc == 3 && std::strcmp(argv[1], "queue") == 0)
		std::printf("%f\n", queue(std::atoi(argv[2])));
	else
		return 2;
	return 0;
}
