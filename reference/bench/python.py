#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same measurements with Python's multiprocessing: python.py NAME prints nanoseconds."""
import concurrent.futures
import multiprocessing
import sys
import time

UPDATES = 10000


def clock(work, times=1):
    begin = time.perf_counter_ns()
    for _ in range(times):
        work()
    return (time.perf_counter_ns() - begin) / times


def square(number):
    return number * number


def change(balance, lock, amount):
    for _ in range(UPDATES):
        lock.acquire()
        balance.value = balance.value + amount
        lock.release()


def count(lock):
    for _ in range(UPDATES):
        lock.acquire()
        lock.release()


def lock_alone():
    lock = multiprocessing.Lock()
    acquire, release = lock.acquire, lock.release

    def pairs():
        for _ in range(100000):
            acquire()
            release()

    return clock(pairs) / 100000


def two(target, arguments):
    processes = [multiprocessing.Process(target=target, args=args) for args in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def contended():
    lock = multiprocessing.Lock()
    return clock(lambda: two(count, [(lock,), (lock,)])) / (2 * UPDATES)


def seed():
    def program():
        for _ in range(10):
            balance = multiprocessing.Value("i", 100)
            lock = multiprocessing.Lock()
            two(change, [(balance, lock, -1), (balance, lock, 1)])

    return clock(program)


def pool_map(length, times, chunksize=None):
    with multiprocessing.Pool(2) as pool:
        items = range(length)
        pool.map(square, items, chunksize)
        return clock(lambda: pool.map(square, items, chunksize), times)


def executor_map(length, times):
    with concurrent.futures.ProcessPoolExecutor(2) as executor:
        items = range(length)
        list(executor.map(square, items))
        return clock(lambda: list(executor.map(square, items)), times)


def create():
    def life():
        pool = multiprocessing.Pool(2)
        pool.map(square, range(5))
        pool.close()
        pool.join()

    return clock(life, 5)


MEASURES = {
    "lock": lock_alone,
    "contended": contended,
    "seed": seed,
    "map5": lambda: pool_map(5, 100),
    "map1000": lambda: pool_map(1000, 50),
    "map1000000": lambda: pool_map(1000000, 1),
    "chunksize1": lambda: pool_map(20000, 1, 1) / 20000,
    "executor1000": lambda: executor_map(1000, 3),
    "create": create,
}

if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    print(MEASURES[sys.argv[1]]())
