#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "embeddings/factory.hpp"
#include "support/await.hpp"
#include "tiny_model.hpp"

namespace rag {
namespace {

using namespace std::chrono_literals;
using test::await;
using test::in;
using test::TinyModel;
using test::TinyShape;
using test::within;

/// The provider once it is ready or has failed.
std::unique_ptr<EmbeddingProvider> loaded(LocalEmbeddingOptions options) {
    auto provider = make_local_embedding_provider(options);
    if (!provider) throw std::runtime_error(provider.error().message);
    std::function<bool()> decided = [&] {
        return (*provider)->status().state != EmbeddingState::loading;
    };
    if (!await((*provider)->changed().wait_until(decided, in(test::kPatience)))) {
        throw std::runtime_error("The model does not load.");
    }
    return std::move(*provider);
}

/// A model whose batches three threads can share.
const TinyModel& shared_model() {
    static const TinyModel model(TinyShape{.hidden = 96, .heads = 3, .intermediate = 104});
    return model;
}

/// As many queries as it takes for another thread to help with one.
void ask_until(EmbeddingProvider& provider, const std::atomic<int>& reached, int times) {
    const Deadline patience = in(test::kPatience);
    while (reached < times && std::chrono::steady_clock::now() < patience) {
        (void)await(provider.embed_query("w1 w2", within(10s)));
    }
    ASSERT_GE(reached, times) << "No other thread has helped.";
}

TEST(EngineFaults, AProviderWhoseThreadsCannotBeMadeHasFailed) {
    for (const int made : {0, 1}) {
        LocalEmbeddingOptions options{.model_folder = shared_model().folder(), .threads = 2};
        int left = made;
        options.test.before_thread = [&left] {
            if (left-- == 0) {
                throw std::system_error(
                    std::make_error_code(std::errc::resource_unavailable_try_again)
                );
            }
        };

        const auto provider = loaded(options);

        EXPECT_EQ(provider->status().state, EmbeddingState::failed);
        EXPECT_FALSE(provider->status().error.empty());
        EXPECT_FALSE(await(provider->embed_query("w1", within(10s))));
    }
}

/// The control: threads that can be made embed.
TEST(EngineFaults, AProviderWhoseThreadsAreMadeIsReady) {
    std::atomic<int> threads = 0;
    LocalEmbeddingOptions options{.model_folder = shared_model().folder(), .threads = 2};
    options.test.before_thread = [&threads] { ++threads; };

    const auto provider = loaded(options);

    EXPECT_EQ(provider->status().state, EmbeddingState::ready);
    EXPECT_GT(threads, 0);
    EXPECT_TRUE(await(provider->embed_query("w1", within(10s))));
}

class SharedBatchFaults : public testing::TestWithParam<std::size_t> {};

/// Whoever of those that share a batch fails: the query is answered, nobody waits for ever, and
/// the next one is embedded.
TEST_P(SharedBatchFaults, EndInAnAnswer) {
    if (std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "One core shares nothing.";
    const std::size_t failing = GetParam();
    std::atomic<int> helped = 0;
    std::atomic<int> failed = 0;
    std::atomic<bool> fails = true;
    LocalEmbeddingOptions options{.model_folder = shared_model().folder(), .threads = 2};
    options.test.before_shared = [&](std::size_t member) {
        if (member > 0) ++helped;
        if (!fails || member != failing) return;
        ++failed;
        throw std::bad_alloc();
    };
    const auto provider = loaded(options);
    ASSERT_EQ(provider->status().state, EmbeddingState::ready);

    ask_until(*provider, helped, 5);
    EXPECT_GE(failed, 5);
    fails = false;

    EXPECT_TRUE(await(provider->embed_query("w1", within(10s))));
    EXPECT_TRUE(await(provider->embed_chunks({"w1"}, within(10s))));
    // A text is answered a moment before it is counted off.
    const Deadline patience = in(10s);
    while (provider->backlog() > 0 && std::chrono::steady_clock::now() < patience) {
        std::this_thread::yield();
    }
    EXPECT_EQ(provider->backlog(), 0u);
}

INSTANTIATE_TEST_SUITE_P(LeaderOrHelper, SharedBatchFaults, testing::Values(0u, 1u));

}  // namespace
}  // namespace rag
