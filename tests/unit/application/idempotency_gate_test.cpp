#include "application/idempotency_gate.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace rag::test {
namespace {

const TenantId kTenant{"one"};

std::vector<WriteKey> client(std::string key) {
    return {WriteKey{WriteKey::Scope::client, std::move(key)}};
}

TEST(IdempotencyGate, KeepsTheKeysOfTenantsApart) {
    IdempotencyGate gate;
    const auto one = gate.enter(kTenant, client("k"));

    EXPECT_TRUE(gate.enter(TenantId{"two"}, client("k")));
    EXPECT_FALSE(gate.enter(kTenant, client("k")));
}

TEST(IdempotencyGate, LetsAKeyInAgainOnceItsPassIsGone) {
    IdempotencyGate gate;
    {
        const auto first = gate.enter(kTenant, client("k"));
        ASSERT_TRUE(first);
        const auto second = gate.enter(kTenant, client("k"));
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, ErrorCode::conflict);
    }

    EXPECT_TRUE(gate.enter(kTenant, client("k")));
}

TEST(IdempotencyGate, KeepsKeysApart) {
    IdempotencyGate gate;

    const auto one = gate.enter(kTenant, client("k"));
    const auto other = gate.enter(kTenant, client("l"));

    EXPECT_TRUE(one);
    EXPECT_TRUE(other);
}

TEST(IdempotencyGate, LetsRequestsWithoutKeyOrWithAForwardKeyPass) {
    IdempotencyGate gate;
    const std::vector<WriteKey> forward{{WriteKey::Scope::forward, "k"}};

    const auto passes = {
        gate.enter(kTenant, {}),
        gate.enter(kTenant, {}),
        gate.enter(kTenant, forward),
        gate.enter(kTenant, forward)};

    for (const auto& pass : passes) EXPECT_TRUE(pass);
}

TEST(IdempotencyGate, MovesAPassWithoutOpening) {
    IdempotencyGate gate;
    auto first = gate.enter(kTenant, client("k"));
    IdempotencyGate::Pass moved = std::move(*first);
    IdempotencyGate::Pass assigned;

    assigned = std::move(moved);

    EXPECT_FALSE(gate.enter(kTenant, client("k")));
}

TEST(IdempotencyGate, AdmitsOneOfManyThreads) {
    IdempotencyGate gate;
    std::atomic<int> inside = 0;
    std::atomic<int> admitted = 0;
    std::atomic<bool> crowded = false;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&] {
                for (int turn = 0; turn < 2'000; ++turn) {
                    const auto pass = gate.enter(kTenant, client("k"));
                    if (!pass) continue;
                    if (++inside > 1) crowded = true;
                    ++admitted;
                    --inside;
                }
            });
        }
    }

    EXPECT_FALSE(crowded);
    EXPECT_GT(admitted, 0);
}

}  // namespace
}  // namespace rag::test
