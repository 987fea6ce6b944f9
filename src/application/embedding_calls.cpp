#include "embedding_calls.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <iterator>
#include <utility>

#include "application/port_call.hpp"
#include "stopwatch.hpp"

namespace rag {
namespace {

std::string_view reason(ErrorCode code) {
    switch (code) {
        case ErrorCode::timeout:
            return "timeout";
        case ErrorCode::unavailable:
            return "unavailable";
        case ErrorCode::overloaded:
            return "overloaded";
        case ErrorCode::invalid_argument:
        case ErrorCode::too_large:
            return "invalid";
        default:
            return "internal";
    }
}

}  // namespace

/// What the coroutines that embed one conversation share. Each takes the next batch that nobody
/// has, so the members are either atomic or used by one of them at a time.
struct EmbeddingCalls::Batches {
    std::vector<std::string> texts;
    const CallContext context;
    const std::size_t batch;  // Texts.
    std::vector<ChunkEmbedding> embeddings = {};
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> failed = false;
    Error error = {};  // Of the first that failed.
};

EmbeddingCalls::EmbeddingCalls(
    EmbeddingProvider& embeddings, Telemetry& telemetry, EmbeddingCaller caller
)
    : embeddings_(embeddings), telemetry_(telemetry), caller_(std::move(caller)) {}

Result<void> EmbeddingCalls::ready() {
    const EmbeddingStatus status = embeddings_.status();
    if (status.state == EmbeddingState::ready) return {};

    Error error{ErrorCode::unavailable, "The embedding model is still loading.", {}};
    if (status.state != EmbeddingState::loading) {
        error.message = "Embeddings are unavailable: " + status.error;
    }
    note(&error, 0);
    return tl::unexpected<Error>(std::move(error));
}

Task<Result<QueryEmbedding>> EmbeddingCalls::query(std::string text, CallContext context) {
    const Stopwatch watch;
    const PortCall call(telemetry_, Port::embeddings, "embed_query", context);
    Result<QueryEmbedding> embedding =
        co_await embeddings_.embed_query(std::move(text), std::move(context));
    note(embedding ? nullptr : &embedding.error(), watch.seconds());
    co_return embedding;
}

Task<Result<std::vector<ChunkEmbedding>>> EmbeddingCalls::chunks(
    std::vector<std::string> texts, CallContext context
) {
    const std::size_t batch = std::max<std::size_t>(embeddings_.preferred_batch(), 1);
    if (texts.size() <= batch) {
        co_return co_await embed_batch(std::move(texts), std::move(context));
    }
    Batches batches{.texts = std::move(texts), .context = std::move(context), .batch = batch};
    batches.embeddings.resize(batches.texts.size());

    using namespace boost::asio::experimental::awaitable_operators;
    Task<void> one = embed_batches(batches);
    Task<void> other = embed_batches(batches);
    Task<void> both = std::move(one) && std::move(other);
    co_await std::move(both);

    if (batches.failed) co_return tl::unexpected<Error>(std::move(batches.error));
    co_return std::move(batches.embeddings);
}

Task<void> EmbeddingCalls::embed_batches(Batches& batches) {
    while (!batches.failed) {
        const std::size_t first = batches.next.fetch_add(batches.batch);
        if (first >= batches.texts.size()) co_return;
        const std::size_t last = std::min(first + batches.batch, batches.texts.size());

        const auto begin = batches.texts.begin();
        std::vector<std::string> texts(
            std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(first)),
            std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(last))
        );
        Result<std::vector<ChunkEmbedding>> embedded =
            co_await embed_batch(std::move(texts), batches.context);
        if (!embedded) {
            if (!batches.failed.exchange(true)) batches.error = std::move(embedded.error());
            co_return;
        }
        std::ranges::move(
            *embedded, batches.embeddings.begin() + static_cast<std::ptrdiff_t>(first)
        );
    }
}

Task<Result<std::vector<ChunkEmbedding>>> EmbeddingCalls::embed_batch(
    std::vector<std::string> texts, CallContext context
) {
    const Stopwatch watch;
    const std::size_t wanted = texts.size();
    const PortCall call(telemetry_, Port::embeddings, "embed_chunks", context);
    Result<std::vector<ChunkEmbedding>> embedded =
        co_await embeddings_.embed_chunks(std::move(texts), std::move(context));
    if (embedded && embedded->size() != wanted) {
        embedded = fail(ErrorCode::internal, "The embedding provider answered for other texts.");
    }
    note(embedded ? nullptr : &embedded.error(), watch.seconds());
    co_return embedded;
}

void EmbeddingCalls::note(const Error* error, double seconds) {
    const std::string provider = embeddings_.space().provider;
    if (!error) {
        telemetry_.observe("embedding_generation_duration_seconds", {provider}, seconds);
        return;
    }
    const std::string_view why = reason(error->code);
    telemetry_.count("embedding_errors_total", {provider, why});
    // While the model loads every call fails, which is no news.
    if (embeddings_.status().state == EmbeddingState::loading) return;

    const std::array fields{LogField{"provider", provider}, LogField{"reason", why}};
    telemetry_.log(
        LogLevel::error,
        caller_.logger,
        "EmbeddingError: " + error->message,
        caller_.trace_id,
        fields
    );
}

}  // namespace rag
