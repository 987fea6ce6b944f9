#include "searched.hpp"

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

#include "application/fingerprint.hpp"
#include "sqlite/factory.hpp"
#include "support/await.hpp"
#include "support/fake_telemetry.hpp"
#include "support/temp_folder.hpp"

namespace rag {
namespace {

constexpr std::size_t kDimension = 384;

class SearchedIndex : public Searched {
public:
    explicit SearchedIndex(std::size_t scan_threads)
        : index_({.dimension = kDimension, .scan_threads = scan_threads}) {}

    void add(std::vector<sqlite::IndexedChunk> conversation) override {
        index_.apply({.removed = {}, .added = std::move(conversation)});
    }
    CandidateSet candidates(const ChunkQuery& query) override { return index_.candidates(query); }
    std::size_t memory_bytes() const override { return index_.stats().memory_bytes; }

private:
    sqlite::ChunkIndex index_;
};

template <class T>
T or_exit(Result<T> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "bench_search: %s\n", result.error().message.c_str());
    std::exit(1);
}

CallContext soon() { return test::within(std::chrono::seconds(60)); }

NewConversation as_written(std::vector<sqlite::IndexedChunk> chunks) {
    NewConversation made;
    made.conversation.header.scenario_title = chunks.front().header.scenario_title;
    for (sqlite::IndexedChunk& from : chunks) {
        Message message;
        message.author_name = from.author_name;
        message.author_type = from.author_type;
        message.timestamp = from.timestamp;
        message.content = "message " + std::to_string(from.chunk_id.value);
        NewChunk chunk;
        chunk.chunk.order_index = from.order_index;
        chunk.chunk.text = *message.author_name + ": " + message.content;
        chunk.chunk.author_name = message.author_name;
        chunk.chunk.author_type = message.author_type;
        chunk.chunk.timestamp = message.timestamp;
        chunk.chunk.message_start = from.order_index;
        chunk.chunk.message_end = from.order_index;
        chunk.traits = from.traits;
        chunk.terms = std::move(from.terms);
        chunk.length = from.length;
        chunk.embedding = std::move(from.embedding);
        made.conversation.messages.push_back(std::move(message));
        made.chunks.push_back(std::move(chunk));
    }
    return made;
}

class SearchedStore : public Searched {
public:
    explicit SearchedStore(std::size_t scan_threads) {
        SqliteOptions options;
        options.data_dir = folder_.path();
        options.scan_threads = scan_threads;
        repository_ = make_sqlite_repository(std::move(options), telemetry_);
        const EmbeddingSpace space{"made-up", "made-up", kDimension, "0"};
        if (!test::await(repository_->use_space(space, soon()))) std::exit(1);
    }

    void add(std::vector<sqlite::IndexedChunk> conversation) override {
        waiting_.push_back(as_written(std::move(conversation)));
        if (waiting_.size() == kTogether) finish();
    }

    /// Several callers at once, for they share a commit.
    void finish() override {
        std::vector<std::jthread> callers;
        for (std::size_t caller = 0; caller < kCallers; ++caller) {
            callers.emplace_back([this, caller] {
                for (std::size_t i = caller; i < waiting_.size(); i += kCallers) {
                    save(std::move(waiting_[i]));
                }
            });
        }
        callers.clear();
        waiting_.clear();
    }

    CandidateSet candidates(const ChunkQuery& query) override {
        return or_exit(test::await_on(io_, repository_->candidates(query, soon())));
    }

private:
    static constexpr std::size_t kTogether = 64;
    static constexpr std::size_t kCallers = 16;

    void save(NewConversation conversation) {
        conversation.fingerprint = fingerprint(conversation.conversation);
        or_exit(test::await(repository_->save(std::move(conversation), {}, soon())));
    }

    test::TempFolder folder_;
    test::FakeTelemetry telemetry_;
    boost::asio::io_context io_;
    std::unique_ptr<ConversationRepository> repository_;
    std::vector<NewConversation> waiting_;
};

}  // namespace

std::unique_ptr<Searched> searched_index(std::size_t scan_threads) {
    return std::make_unique<SearchedIndex>(scan_threads);
}

std::unique_ptr<Searched> searched_store(std::size_t scan_threads) {
    return std::make_unique<SearchedStore>(scan_threads);
}

}  // namespace rag
