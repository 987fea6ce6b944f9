#include "peak.hpp"

#include <chrono>
#include <thread>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "peak.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace rag::bench {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Runs the loop and returns the operations done.
double multiply_add(std::size_t rounds, float* result) {
    const hn::ScalableTag<float> d;
    // Ten sums hide the latency of each; they differ, or the compiler would keep one for all.
    const auto start = [&](float value) { return hn::Set(d, *result + value); };
    auto a = start(1), b = start(2), c = start(3), e = start(4), f = start(5), g = start(6),
         h = start(7), i = start(8), j = start(9), k = start(10);
    const auto scale = hn::Set(d, 0.999F), shift = hn::Set(d, 0.001F);
    for (std::size_t round = 0; round < rounds; ++round) {
        a = hn::MulAdd(a, scale, shift);
        b = hn::MulAdd(b, scale, shift);
        c = hn::MulAdd(c, scale, shift);
        e = hn::MulAdd(e, scale, shift);
        f = hn::MulAdd(f, scale, shift);
        g = hn::MulAdd(g, scale, shift);
        h = hn::MulAdd(h, scale, shift);
        i = hn::MulAdd(i, scale, shift);
        j = hn::MulAdd(j, scale, shift);
        k = hn::MulAdd(k, scale, shift);
    }
    const auto sum = hn::Add(
        hn::Add(hn::Add(hn::Add(a, b), hn::Add(c, e)), hn::Add(hn::Add(f, g), hn::Add(h, i))),
        hn::Add(j, k)
    );
    *result = hn::GetLane(sum);
    return static_cast<double>(rounds) * 10 * 2 * static_cast<double>(hn::Lanes(d));
}

}  // namespace HWY_NAMESPACE
}  // namespace rag::bench
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rag::bench {

HWY_EXPORT(multiply_add);

double fma_peak(std::size_t threads) {
    constexpr std::size_t kRounds = 20'000'000;
    std::vector<float> results(threads);
    std::vector<double> operations(threads);
    std::vector<std::thread> running;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < threads; ++i) {
        running.emplace_back([&, i] {
            operations[i] = HWY_DYNAMIC_DISPATCH(multiply_add)(kRounds, &results[i]);
        });
    }
    double total = 0;
    for (std::size_t i = 0; i < threads; ++i) {
        running[i].join();
        total += operations[i];
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return total / took.count() / 1e9;
}

}  // namespace rag::bench
#endif
