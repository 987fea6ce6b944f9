#include "application/health.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <optional>

#include "support/await.hpp"
#include "support/fake_conversation_repository.hpp"
#include "support/fake_embedding_provider.hpp"

namespace rag::test {
namespace {

using testing::HasSubstr;

StoreStatus store(StoreStatus::State state) {
    StoreStatus status;
    status.state = state;
    status.latency_ms = 1.5;
    status.error = state == StoreStatus::State::failed ? "the disk is gone" : "";
    return status;
}

struct Case {
    const char* name;
    StoreStatus::State store;
    EmbeddingState embeddings;
    bool draining;
    bool stuck;
    HealthStatus status;
    bool ready;
    bool live;
};

constexpr auto kHealthy = StoreStatus::State::healthy;
constexpr auto kReady = EmbeddingState::ready;

// What the embedded store can be like, and what health says of it.
const Case kCases[] = {
    {"all fine", kHealthy, kReady, false, false, HealthStatus::healthy, true, true},
    {"opening the store",
     StoreStatus::State::starting,
     kReady,
     false,
     false,
     HealthStatus::starting,
     false,
     true},
    {"loading the model",
     kHealthy,
     EmbeddingState::loading,
     false,
     false,
     HealthStatus::starting,
     false,
     true},
    {"provider down",
     kHealthy,
     EmbeddingState::failed,
     false,
     false,
     HealthStatus::degraded,
     true,
     true},
    {"provider down, perhaps for a while",
     kHealthy,
     EmbeddingState::down,
     false,
     false,
     HealthStatus::degraded,
     true,
     true},
    {"disk nearly full",
     StoreStatus::State::nearly_full,
     kReady,
     false,
     false,
     HealthStatus::degraded,
     true,
     true},
    {"write failed",
     StoreStatus::State::failed,
     kReady,
     false,
     false,
     HealthStatus::unhealthy,
     false,
     true},
    {"store failed while the model loads",
     StoreStatus::State::failed,
     EmbeddingState::loading,
     false,
     false,
     HealthStatus::unhealthy,
     false,
     true},
    {"draining", kHealthy, kReady, true, false, HealthStatus::draining, false, true},
    {"worker stuck", kHealthy, kReady, false, true, HealthStatus::unhealthy, false, false},
};

TEST(HealthCheck, AnswersAsTheTruthTableOfTheContract) {
    for (const Case& row : kCases) {
        FakeConversationRepository repository;
        repository.set_status(store(row.store));
        FakeEmbeddingProvider embeddings;
        embeddings.set_status({row.embeddings, "why"});
        HealthCheck check(repository, embeddings);
        if (row.draining) check.start_draining();
        check.set_stuck(row.stuck);

        const Health health = check.current();

        EXPECT_EQ(health.status, row.status) << row.name;
        EXPECT_EQ(health.ready, row.ready) << row.name;
        EXPECT_EQ(health.live, row.live) << row.name;
    }
}

TEST(HealthCheck, TellsWhatThePartsSay) {
    FakeConversationRepository repository;
    repository.set_status(store(StoreStatus::State::failed));
    FakeEmbeddingProvider embeddings;
    embeddings.set_status({EmbeddingState::failed, "the weights are damaged"});

    const Health health = HealthCheck(repository, embeddings).current();

    EXPECT_FALSE(health.database_healthy);
    EXPECT_EQ(health.database_latency_ms, 1.5);
    EXPECT_EQ(health.database_error, "the disk is gone");
    EXPECT_EQ(health.embedding_status, "unhealthy");
    EXPECT_EQ(health.embedding_error, "the weights are damaged");
    EXPECT_EQ(health.provider, "fake");
    EXPECT_EQ(health.model, "words");
}

TEST(HealthCheck, NamesWhatIsDegradedAndWhatHelps) {
    FakeConversationRepository repository;
    StoreStatus status = store(StoreStatus::State::nearly_full);
    status.error = "The disk is nearly full.";
    status.chunks = 1'200;
    status.chunks_without_embedding = 3;
    repository.set_status(status);
    FakeEmbeddingProvider embeddings;

    const Health health = HealthCheck(repository, embeddings).current();

    EXPECT_EQ(health.status, HealthStatus::degraded);
    EXPECT_EQ(health.database_status, "degraded");
    EXPECT_EQ(health.database_error, "The disk is nearly full.");
    EXPECT_EQ(health.embedding_status, "degraded");
    EXPECT_THAT(health.embedding_error, HasSubstr("3 of 1,200 chunks have no vector"));
    EXPECT_THAT(health.embedding_error, HasSubstr("EMBEDDING_MODEL_PATH"));
}

TEST(HealthCheck, SaysWhatAStartIsWaitingFor) {
    FakeConversationRepository repository;
    FakeEmbeddingProvider embeddings;
    embeddings.set_status({EmbeddingState::loading, {}});
    HealthCheck check(repository, embeddings);
    const auto work = [&](StoreStatus::State state, const char* store_work) {
        StoreStatus status = store(state);
        status.work = store_work;
        repository.set_status(status);
        return check.current().work;
    };

    EXPECT_EQ(work(StoreStatus::State::starting, "Migration: 2 of 9"), "Migration: 2 of 9");
    EXPECT_EQ(check.current().database_status, "starting");
    EXPECT_EQ(check.current().database_error, "Migration: 2 of 9");
    EXPECT_EQ(work(StoreStatus::State::starting, ""), "The store is opened");
    EXPECT_EQ(work(kHealthy, ""), "The embedding model is loaded");
    embeddings.set_status({EmbeddingState::ready, {}});
    EXPECT_EQ(work(kHealthy, ""), "");
}

TEST(HealthCheck, LivesAgainWhenTheWorkerIsNoLongerStuck) {
    FakeConversationRepository repository;
    FakeEmbeddingProvider embeddings;
    HealthCheck check(repository, embeddings);

    check.set_stuck(true);
    check.set_stuck(false);

    EXPECT_TRUE(check.current().live);
    EXPECT_EQ(check.current().status, HealthStatus::healthy);
}

TEST(HealthCheck, LetsOthersAwaitTheEndOfTheStart) {
    FakeConversationRepository repository;
    FakeEmbeddingProvider embeddings;
    embeddings.set_status({EmbeddingState::loading, {}});
    HealthCheck check(repository, embeddings);
    boost::asio::io_context io;
    bool ended = false;
    auto wait = [&]() -> Task<void> {
        co_await check.wait_for_start(in(kPatience));
        ended = true;
    };
    boost::asio::co_spawn(io, wait(), boost::asio::detached);

    io.poll();
    check.look_again();
    io.poll();
    EXPECT_FALSE(ended);
    embeddings.set_status({EmbeddingState::down, {}});  // Searches by words are served.
    check.look_again();
    io.run();

    EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace rag::test
