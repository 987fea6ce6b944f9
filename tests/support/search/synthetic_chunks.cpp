#include "synthetic_chunks.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

namespace rag::synthetic {
namespace {

constexpr std::size_t kStopWords = 60;
constexpr std::size_t kWordsPerTopic = 60;
constexpr std::size_t kRememberedMax = 5'000;

std::string numbered(std::string text, std::int64_t number) {
    return text.append(std::to_string(number));
}

std::string spelled(std::size_t word) { return numbered("w", static_cast<std::int64_t>(word)); }

void make_unit(std::vector<float>& vector) {
    double square = 0;
    for (const float value : vector) square += static_cast<double>(value) * value;
    const double scale = 1 / std::sqrt(square);
    for (float& value : vector) value = static_cast<float>(value * scale);
}

}  // namespace

Chunks::Chunks(const Shape& shape) : shape_(shape), random_(shape.seed) {
    double sum = 0;
    for (std::size_t rank = 1; rank <= shape.vocabulary; ++rank) {
        sum += 1 / std::pow(static_cast<double>(rank) + 2.7, 1.05);
        word_shares_.push_back(sum);
    }
    for (std::size_t i = 0; i < shape.topics; ++i) {
        Topic topic{direction(), {}};
        std::uniform_int_distribution<std::size_t> any(kStopWords, shape.vocabulary - 1);
        for (std::size_t k = 0; k < kWordsPerTopic; ++k) topic.words.push_back(any(random_));
        topics_.push_back(std::move(topic));
    }
}

std::vector<float> Chunks::direction() {
    // Later dimensions vary less, as in vectors of real models.
    std::normal_distribution<double> normal;
    std::vector<float> vector(shape_.dimension);
    for (std::size_t i = 0; i < vector.size(); ++i) {
        const double fade = 1 / std::sqrt(1 + 4.0 * static_cast<double>(i) / 384);
        vector[i] = static_cast<float>(normal(random_) * fade);
    }
    make_unit(vector);
    return vector;
}

std::vector<float> Chunks::mixed(const std::vector<float>& vector, double share) {
    std::vector<float> other = direction();
    for (std::size_t i = 0; i < other.size(); ++i) {
        other[i] =
            static_cast<float>(std::sqrt(share) * vector[i] + std::sqrt(1 - share) * other[i]);
    }
    make_unit(other);
    return other;
}

std::size_t Chunks::word(const Topic& topic) {
    std::uniform_real_distribution<double> uniform(0, 1);
    if (uniform(random_) < 0.3) {
        std::uniform_int_distribution<std::size_t> any(0, topic.words.size() - 1);
        return topic.words[any(random_)];
    }
    const double place = uniform(random_) * word_shares_.back();
    const auto found = std::lower_bound(word_shares_.begin(), word_shares_.end(), place);
    return static_cast<std::size_t>(found - word_shares_.begin());
}

void Chunks::begin_conversation() {
    std::uniform_real_distribution<double> uniform(0, 1);
    ++conversation_;
    order_index_ = 0;
    std::exponential_distribution<double> size(1 / shape_.chunks_per_conversation);
    left_in_conversation_ = 1 + static_cast<std::size_t>(size(random_));
    topic_ = std::uniform_int_distribution<std::size_t>(0, topics_.size() - 1)(random_);
    conversation_vector_ = mixed(topics_[topic_].vector, 0.7);
    const double kind = uniform(random_);
    title_ = kind < 0.001   ? kTitleOfThousandth
             : kind < 0.051 ? kTitleOfTwentieth
                            : numbered("title ", conversation_ % 100);
    time_ms_ += 3'600'000;
}

void Chunks::add_terms(sqlite::IndexedChunk& chunk, const std::vector<std::size_t>& words) {
    std::map<std::string, Term> terms;
    for (const std::size_t word : words) {
        const std::string text = spelled(word);
        Term& term = terms.try_emplace(text, Term{text, 0, word < kStopWords}).first->second;
        ++term.count;
        if (!term.stop) ++chunk.length;
    }
    for (auto& [text, term] : terms) chunk.terms.push_back(std::move(term));
}

const std::vector<float>& Chunks::piece_base(std::size_t id) {
    std::vector<float>& base = piece_bases_[id];
    if (base.empty()) {
        Random own(id * 31 + shape_.seed);
        std::uniform_real_distribution<float> uniform(-1, 1);
        for (std::size_t i = 0; i < shape_.dimension; ++i) base.push_back(uniform(own));
    }
    return base;
}

/// The same piece has a similar vector everywhere.
std::vector<float> Chunks::piece_vector(std::size_t id) {
    std::vector<float> vector = piece_base(id);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) {
        if (i % 4 == 0) bits = random_();
        vector[i] += 1.2F * (static_cast<float>(bits & 0xFFFF) / 65'536 - 0.5F);
        bits >>= 16;
    }
    make_unit(vector);
    return vector;
}

void Chunks::add_pieces(sqlite::IndexedChunk& chunk, const std::vector<std::size_t>& words) {
    PieceBits& pieces = chunk.embedding.pieces;
    pieces.dimension = shape_.dimension;
    std::poisson_distribution<std::size_t> count(shape_.pieces_per_chunk - 1);
    const std::size_t wanted = 1 + count(random_);
    for (std::size_t i = 0; i < wanted; ++i) {
        const std::size_t id = words[i % words.size()] % 30'000;
        pieces.content_ids.push_back(static_cast<std::int32_t>(id));
        const std::vector<float> vector = piece_vector(id);
        for (std::size_t byte = 0; byte < shape_.dimension / 8; ++byte) {
            unsigned value = 0;
            for (unsigned bit = 0; bit < 8; ++bit) {
                value |= static_cast<unsigned>(vector[byte * 8 + bit] > 0) << bit;
            }
            pieces.bits.push_back(static_cast<std::uint8_t>(value));
        }
    }
    pieces.unique_ids = pieces.content_ids;
    std::sort(pieces.unique_ids.begin(), pieces.unique_ids.end());
    const auto end = std::unique(pieces.unique_ids.begin(), pieces.unique_ids.end());
    pieces.unique_ids.erase(end, pieces.unique_ids.end());
}

bool Chunks::next(sqlite::IndexedChunk& chunk) {
    if (made_ == shape_.chunks) return false;
    if (left_in_conversation_ == 0) begin_conversation();
    std::uniform_real_distribution<double> uniform(0, 1);
    chunk = {};
    chunk.chunk_id = {static_cast<std::int64_t>(++made_)};
    chunk.conversation_id = {conversation_};
    chunk.order_index = order_index_++;
    --left_in_conversation_;
    const bool assistant = uniform(random_) < 0.5;
    chunk.author_type = assistant ? "assistant" : "user";
    chunk.author_name = assistant ? "assistant" : numbered("author ", conversation_ % 300);
    chunk.header.scenario_title = title_;
    time_ms_ += 60'000;
    chunk.timestamp = Timestamp{time_ms_};
    chunk.message_times = {Timestamp{time_ms_}};
    if (uniform(random_) < 0.2) chunk.message_times.push_back(Timestamp{time_ms_ + 30'000});

    std::poisson_distribution<std::size_t> count(shape_.words_per_chunk - 1);
    std::uniform_int_distribution<std::size_t> stop_word(0, kStopWords - 1);
    std::vector<std::size_t> words;
    const std::size_t content = 1 + count(random_);
    while (words.size() < content) {
        const std::size_t chosen = word(topics_[topic_]);
        if (chosen >= kStopWords) words.push_back(chosen);
    }
    add_pieces(chunk, words);
    Remembered remembered{{}, words};
    for (std::size_t i = 0; i < content; ++i) words.push_back(stop_word(random_));
    add_terms(chunk, words);
    chunk.embedding.vector = mixed(conversation_vector_, 0.45);
    chunk.traits.tokens = static_cast<std::uint32_t>(words.size());
    chunk.traits.has_question_mark = uniform(random_) < 0.2;
    chunk.traits.says = std::min(1.0F, static_cast<float>(content) / 5);

    remembered.vector = chunk.embedding.vector;
    if (remembered_.size() < kRememberedMax) {
        remembered_.push_back(std::move(remembered));
    } else if (std::uniform_int_distribution<std::size_t> any(0, made_ - 1);
               any(random_) < kRememberedMax) {
        remembered_[any(random_) % kRememberedMax] = std::move(remembered);
    }
    return true;
}

ChunkQuery Chunks::question() {
    std::uniform_int_distribution<std::size_t> any(0, remembered_.size() - 1);
    const Remembered& about = remembered_[any(random_)];
    ChunkQuery query;
    query.embedding = mixed(about.vector, 0.5);
    query.pieces.dimension = shape_.dimension;
    const auto count = std::uniform_int_distribution<std::size_t>(3, 6)(random_);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (std::size_t i = 0; i < count; ++i) {
        std::uniform_int_distribution<std::size_t> own(0, about.words.size() - 1);
        std::size_t chosen = about.words[own(random_)];
        if (uniform(random_) < 0.4) chosen = word(topics_[chosen % topics_.size()]);
        const std::string text = spelled(chosen);
        if (std::find(query.terms.begin(), query.terms.end(), text) != query.terms.end()) continue;
        query.terms.push_back(text);
        // Two words in five are more than one piece.
        const std::size_t pieces = uniform(random_) < 0.4 ? 2 : 1;
        for (std::size_t k = 0; k < pieces; ++k) {
            const std::size_t id = (chosen + k * 7'919) % 30'000;
            const std::vector<float> vector = piece_vector(id);
            query.pieces.ids.push_back(static_cast<std::int32_t>(id));
            query.pieces.vectors.insert(query.pieces.vectors.end(), vector.begin(), vector.end());
        }
    }
    return query;
}

}  // namespace rag::synthetic
