#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include "contract/repository_fixture.hpp"
#include "sqlite/factory.hpp"
#include "support/fake_telemetry.hpp"
#include "support/temp_folder.hpp"

/// The embedded store alone, with made-up embeddings: how fast writes come in from one and from
/// many callers, how fast a page of results is loaded, how long the store takes to open.
namespace rag::test {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMessages = 20;
constexpr std::size_t kDimension = 384;
constexpr std::size_t kPieces = 18;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
    std::ranges::nth_element(
        values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2)
    );
    return values[values.size() / 2];
}

/// A conversation of about 40 words a message, every chunk as large as a real one.
NewConversation made_up(int number) {
    std::mt19937 random(static_cast<unsigned>(number));
    std::normal_distribution<float> normal;
    std::vector<Message> messages;
    for (int i = 0; i < kMessages; ++i) {
        std::string text = std::to_string(number);
        for (int word = 0; word < 40; ++word) text += " word" + std::to_string(random() % 5'000);
        messages.push_back(said(i % 2 == 0 ? "ana" : "bo", std::move(text)));
    }
    NewConversation conversation = conversation_of(std::move(messages), std::to_string(number));
    for (NewChunk& chunk : conversation.chunks) {
        chunk.embedding.vector.resize(kDimension);
        double square = 0;
        for (float& value : chunk.embedding.vector) {
            value = normal(random);
            square += double{value} * double{value};
        }
        const auto scale = static_cast<float>(1 / std::sqrt(square));
        for (float& value : chunk.embedding.vector) value *= scale;
        PieceBits& pieces = chunk.embedding.pieces;
        pieces = {};
        pieces.dimension = kDimension;
        pieces.bits.resize(kPieces * kDimension / 8);
        for (std::uint8_t& byte : pieces.bits) byte = static_cast<std::uint8_t>(random());
        for (std::size_t i = 0; i < kPieces; ++i) {
            pieces.content_ids.push_back(static_cast<std::int32_t>(1'000 + random() % 20'000));
        }
        pieces.unique_ids = pieces.content_ids;
        std::ranges::sort(pieces.unique_ids);
        const auto repeated = std::ranges::unique(pieces.unique_ids);
        pieces.unique_ids.erase(repeated.begin(), repeated.end());
    }
    return conversation;
}

CallContext soon() { return within(std::chrono::seconds(60)); }

std::unique_ptr<ConversationRepository> open(const TempFolder& folder, Telemetry& telemetry) {
    SqliteOptions options;
    options.data_dir = folder.path();
    auto repository = make_sqlite_repository(std::move(options), telemetry);
    EmbeddingSpace space = test_space();
    space.dimension = kDimension;
    if (!await(repository->use_space(space, soon()))) std::exit(1);
    return repository;
}

/// Messages a second, `writers` callers at once.
double ingest(ConversationRepository& repository, int first, int count, int writers) {
    std::vector<NewConversation> all;
    for (int i = 0; i < count; ++i) all.push_back(made_up(first + i));
    const Clock::time_point begin = Clock::now();
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&, writer] {
            for (int i = writer; i < count; i += writers) {
                NewConversation& one = all[static_cast<std::size_t>(i)];
                if (!await(repository.save(std::move(one), without_key(), soon()))) std::exit(1);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    return count * kMessages / seconds_since(begin);
}

double load_ms(ConversationRepository& repository, std::int64_t chunks) {
    std::mt19937_64 random(1);
    boost::asio::io_context io;
    std::vector<double> times;
    for (int round = 0; round < 300; ++round) {
        std::vector<ChunkId> ids;
        for (int i = 0; i < 10; ++i) {
            ids.push_back(
                {static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(chunks)) + 1}
            );
        }
        const Clock::time_point begin = Clock::now();
        if (!await_on(io, repository.load(std::move(ids), 0, kAnySize, soon()))) std::exit(1);
        times.push_back(seconds_since(begin) * 1'000);
    }
    return median(std::move(times));
}

void run(int conversations) {
    const TempFolder folder;
    FakeTelemetry telemetry;
    auto repository = open(folder, telemetry);
    const int few = std::min(conversations, 200);
    std::printf("one writer: %.0f messages/s\n", ingest(*repository, 0, few, 1));
    std::printf("16 writers: %.0f messages/s\n", ingest(*repository, few, conversations, 16));
    const std::int64_t chunks = await(repository->counts(soon()))->chunks;
    std::printf(
        "load(10): p50 %.3f ms of %lld chunks\n",
        load_ms(*repository, chunks),
        static_cast<long long>(chunks)
    );

    Clock::time_point begin = Clock::now();
    repository.reset();
    std::printf("close: %.3f s\n", seconds_since(begin));
    begin = Clock::now();
    repository = open(folder, telemetry);
    std::printf("open: %.3f s\n", seconds_since(begin));
    begin = Clock::now();
    const auto report = await(repository->verify(within(std::chrono::minutes(10))));
    std::printf("verify: %.3f s, %zu problems\n", seconds_since(begin), report->problems.size());
    const auto bytes = std::filesystem::file_size(folder.path() / kSqliteFileName);
    std::printf(
        "file: %.0f bytes a chunk\n", static_cast<double>(bytes) / static_cast<double>(chunks)
    );
}

}  // namespace

}  // namespace rag::test

int main(int count, char** arguments) { rag::test::run(count > 1 ? std::atoi(arguments[1]) : 500); }
