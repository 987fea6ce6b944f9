#include "support/fake_embedding_provider.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>

namespace rag::test {
namespace {

using Vector = std::vector<float>;

std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char character : text) {
        hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3U;
    }
    return hash;
}

std::int32_t id_of(std::string_view word) {
    return static_cast<std::int32_t>(hash_of(word) % 30'000);
}

void normalise(Vector& vector) {
    float square = 0;
    for (const float value : vector) square += value * value;
    const float length = std::sqrt(square);
    for (float& value : vector) value /= length;
}

/// A unit vector in a direction that only the word decides (splitmix64).
Vector vector_of(std::string_view word) {
    Vector vector(FakeEmbeddingProvider::kDimension);
    std::uint64_t state = hash_of(word);
    for (float& value : vector) {
        state += 0x9e3779b97f4a7c15U;
        std::uint64_t mixed = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
        value = static_cast<float>(mixed >> 40) / static_cast<float>(1 << 24) - 0.5F;
    }
    normalise(vector);
    return vector;
}

Vector vector_of_all(const std::vector<std::string>& words) {
    Vector sum = vector_of("[CLS]");
    for (float& value : sum) value *= 0.1F;  // So that a text without words has a direction too.
    for (const std::string& word : words) {
        const float weight = is_stop_word(word) ? 0.1F : 1.0F;
        const Vector one = vector_of(word);
        for (std::size_t place = 0; place < sum.size(); ++place) sum[place] += weight * one[place];
    }
    normalise(sum);
    return sum;
}

std::vector<std::string> content_of(const std::vector<std::string>& words) {
    std::vector<std::string> content;
    std::ranges::copy_if(words, std::back_inserter(content), [](const std::string& word) {
        return !is_stop_word(word);
    });
    return content;
}

PieceBits bits_of(const std::vector<std::string>& words) {
    std::vector<std::string> content = content_of(words);
    if (content.empty()) content.emplace_back("[CLS]");

    PieceBits bits;
    bits.dimension = FakeEmbeddingProvider::kDimension;
    for (const std::string& word : content) {
        const std::size_t first = bits.bits.size();
        bits.bits.resize(first + bits.dimension / 8);
        const Vector vector = vector_of(word);
        for (std::size_t place = 0; place < vector.size(); ++place) {
            if (vector[place] <= 0) continue;
            std::uint8_t& byte = bits.bits[first + place / 8];
            byte = static_cast<std::uint8_t>(byte | (1U << (place % 8)));
        }
        bits.content_ids.push_back(id_of(word));
    }
    std::set<std::int32_t> ids{id_of("[CLS]"), id_of("[SEP]")};
    for (const std::string& word : words) ids.insert(id_of(word));
    bits.unique_ids.assign(ids.begin(), ids.end());
    return bits;
}

}  // namespace

FakeEmbeddingProvider::FakeEmbeddingProvider(bool pieces, std::size_t max_tokens)
    : pieces_(pieces), counter_(max_tokens) {}

Task<Result<std::vector<ChunkEmbedding>>> FakeEmbeddingProvider::embed_chunks(
    std::vector<std::string> texts, CallContext context
) {
    batches_.push_back(texts.size());
    most_at_once_ = std::max(most_at_once_, ++under_way_);
    backlog_ += texts.size();
    co_await wait_while_held();
    --under_way_;
    backlog_ -= texts.size();
    if (std::optional<Error> failed = failure()) co_return tl::unexpected<Error>(*failed);
    if (std::chrono::steady_clock::now() >= context.deadline) {
        co_return fail(ErrorCode::timeout, "Too late to embed.");
    }

    const std::size_t longest = counter_.max_tokens() - counter_.special_tokens();
    std::vector<ChunkEmbedding> embeddings;
    for (const std::string& text : texts) {
        if (counter_.count(text) > longest) {
            co_return fail(ErrorCode::invalid_argument, "The text is longer than the model reads.");
        }
        embeddings.push_back(embed(text));
    }
    co_return embeddings;
}

Task<Result<QueryEmbedding>> FakeEmbeddingProvider::embed_query(
    std::string text, CallContext context
) {
    ++queries_;
    co_await wait_while_held();
    if (std::optional<Error> failed = failure()) co_return tl::unexpected<Error>(*failed);
    if (std::chrono::steady_clock::now() >= context.deadline) {
        co_return fail(ErrorCode::timeout, "Too late to embed.");
    }

    const std::vector<std::string> words = words_of(text);
    QueryEmbedding embedding;
    embedding.vector = vector_of_all(words);
    if (!pieces_) co_return embedding;

    std::vector<std::string> content = content_of(words);
    if (content.empty()) content = words;
    embedding.pieces.dimension = kDimension;
    for (const std::string& word : content) {
        const Vector vector = vector_of(word);
        embedding.pieces.ids.push_back(id_of(word));
        embedding.pieces.vectors.insert(
            embedding.pieces.vectors.end(), vector.begin(), vector.end()
        );
    }
    co_return embedding;
}

EmbeddingSpace FakeEmbeddingProvider::space() const {
    return {"fake", pieces_ ? "words" : "words-without-pieces", kDimension, fingerprint_};
}

void FakeEmbeddingProvider::set_status(EmbeddingStatus status) {
    status_ = std::move(status);
    changed_.notify();
}

void FakeEmbeddingProvider::go_down() {
    fail_with(ErrorCode::unavailable);
    set_status({EmbeddingState::down, "connection refused"});
}

void FakeEmbeddingProvider::come_back() {
    recover();
    set_status({EmbeddingState::ready, {}});
}

void FakeEmbeddingProvider::set_fingerprint(std::string fingerprint) {
    fingerprint_ = std::move(fingerprint);
    changed_.notify();
}

void FakeEmbeddingProvider::fail_with(ErrorCode code, std::size_t calls) {
    failure_ = code;
    calls_before_failure_ = calls;
}

void FakeEmbeddingProvider::release() {
    held_ = false;
    for (const auto& timer : std::exchange(waiting_, {})) timer->cancel();
}

Task<void> FakeEmbeddingProvider::wait_while_held() {
    if (!held_) co_return;
    auto timer =
        std::make_shared<boost::asio::steady_timer>(co_await boost::asio::this_coro::executor);
    timer->expires_at(boost::asio::steady_timer::time_point::max());
    waiting_.push_back(timer);
    co_await timer->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

std::optional<Error> FakeEmbeddingProvider::failure() {
    if (!failure_) return std::nullopt;
    if (calls_before_failure_ > 0) {
        --calls_before_failure_;
        return std::nullopt;
    }
    return Error{*failure_, "The embedding provider is down.", {}};
}

ChunkEmbedding FakeEmbeddingProvider::embed(const std::string& text) const {
    const std::vector<std::string> words = words_of(text);
    ChunkEmbedding embedding{vector_of_all(words), {}};
    if (pieces_) embedding.pieces = bits_of(words);
    return embedding;
}

}  // namespace rag::test
