#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "chunk_index.hpp"

/// Made-up conversations that are like real ones in what searching costs: few words frequent and
/// many rare, vectors in clusters, conversations about one topic. The same seed, the same chunks.
namespace rag::synthetic {

struct Shape {
    std::size_t chunks = 1'000;
    std::size_t dimension = 384;
    std::size_t vocabulary = 40'000;
    std::size_t topics = 200;
    double chunks_per_conversation = 20;
    double words_per_chunk = 11;  // Content words; as many stop words again.
    double pieces_per_chunk = 18;
    std::uint64_t seed = 1;
};

/// One conversation in twenty has this title, one in a thousand that; half of the chunks are the
/// assistant's: filters of 5, 0.1 and 50 %.
inline const std::string kTitleOfTwentieth = "a twentieth";
inline const std::string kTitleOfThousandth = "a thousandth";

/// SplitMix64: the same numbers on every platform, and fast enough for millions of vectors.
class Random {
public:
    using result_type = std::uint64_t;
    explicit Random(std::uint64_t seed) : state_(seed) {}
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return ~result_type{0}; }
    result_type operator()() {
        std::uint64_t mixed = state_ += 0x9E3779B97F4A7C15ULL;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
        return mixed ^ (mixed >> 31);
    }

private:
    std::uint64_t state_;
};

class Chunks {
public:
    explicit Chunks(const Shape& shape);

    /// The next chunk, until there are as many as the shape says.
    bool next(sqlite::IndexedChunk& chunk);

    /// A question in plain words about one of the chunks made so far: 3 to 6 content words,
    /// their word pieces, a vector near that chunk's.
    ChunkQuery question();

private:
    struct Topic {
        std::vector<float> vector;
        std::vector<std::size_t> words;
    };
    struct Remembered {
        std::vector<float> vector;
        std::vector<std::size_t> words;
    };

    std::vector<float> direction();
    std::vector<float> mixed(const std::vector<float>& vector, double share);
    std::size_t word(const Topic& topic);
    void begin_conversation();
    void add_terms(sqlite::IndexedChunk& chunk, const std::vector<std::size_t>& words);
    void add_pieces(sqlite::IndexedChunk& chunk, const std::vector<std::size_t>& words);
    const std::vector<float>& piece_base(std::size_t id);
    std::vector<float> piece_vector(std::size_t id);

    Shape shape_;
    Random random_;
    std::vector<double> word_shares_;  // Cumulative.
    std::vector<Topic> topics_;
    std::unordered_map<std::size_t, std::vector<float>> piece_bases_;
    std::vector<Remembered> remembered_;  // A sample of the chunks, for questions.
    std::size_t made_ = 0;
    std::size_t left_in_conversation_ = 0;
    std::int32_t order_index_ = 0;
    std::int64_t conversation_ = 0;
    std::int64_t time_ms_ = 1'600'000'000'000;
    std::string title_;
    std::size_t topic_ = 0;
    std::vector<float> conversation_vector_;
};

}  // namespace rag::synthetic
