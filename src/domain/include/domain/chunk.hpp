#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/conversation.hpp"
#include "domain/limits.hpp"
#include "domain/text_ports.hpp"

namespace rag {

/// Text with one embedding: consecutive messages of one speaker, or a part of a long one.
/// In a chunk that is not stored yet, indices count from the first message of the write.
struct Chunk {
    std::int32_t order_index = 0;
    std::string text;  // "{author_name or author_type or Unknown}: {content}"
    std::optional<std::string> author_name;
    std::optional<std::string> author_type;
    std::optional<Timestamp> timestamp;  // Of its first message.
    std::int32_t message_start = 0;      // Both ends inclusive.
    std::int32_t message_end = 0;
    /// Its text is the beginning of a message that holds no words, and all of that message is found
    /// by it (domain/wordless.hpp).
    bool stands_for_message = false;
};

/// What ranking wants to know of a chunk's text; computed once, when it is written.
struct ChunkTraits {
    std::uint32_t tokens = 0;  // Word pieces of the text, without special ones.
    float not_question = 1;    // 1 - share of the sentences that end in a question mark.
    float says = 0;            // Number of content terms its author says / 5, at most 1.
    bool has_question_mark = false;
    bool has_time_word = false;  // "yesterday", "last week", "2023", a month or week day, ...
};

/// The token vectors of a chunk: for each of its content word pieces (stop pieces and special
/// ones left out; if nothing else is there, [CLS] alone) the sign bits of its unit vector.
struct PieceBits {
    std::size_t dimension = 0;       // Bits a piece; bytes a piece = dimension / 8.
    std::vector<std::uint8_t> bits;  // Piece after piece; bit d of a piece is bit d%8 (from the
                                     // lowest) of its byte d/8, set where the value is > 0.
    std::vector<std::int32_t> content_ids;  // Word-piece id of each of them.
    std::vector<std::int32_t> unique_ids;   // Ids of all pieces of the chunk, stop pieces too,
                                            // each once, ascending: what piece frequencies count.
};

struct ChunkEmbedding {
    std::vector<float> vector;  // Unit length, in the provider's space.
    PieceBits pieces;           // Empty where the provider gives no token vectors.
};

/// A chunk with all that is stored with it.
struct NewChunk {
    Chunk chunk;
    ChunkTraits traits;
    std::vector<Term> terms;
    std::uint32_t length = 0;  // Sum of the counts of its terms, stop words left out.
    ChunkEmbedding embedding;
};

struct ChunkingLimits {
    std::size_t characters_max = limits::kChunkCharactersMax;
    std::size_t overlap_characters = limits::kChunkOverlapCharacters;
};

/// Cuts messages into chunks. Every chunk fits `limits.characters_max` and
/// `counter.max_tokens()`; nothing is left out, but for a long message without words, which is one
/// chunk of its beginning. The author prefix itself is shortened only if it alone would fill more
/// than half of a chunk.
std::vector<Chunk> chunk_messages(
    const std::vector<Message>& messages,
    const ChunkingLimits& limits,
    const TokenCounter& counter,
    const Segmenter& segmenter
);

/// What ranking wants to know of a chunk. Tokens are counted with the author prefix, all else is
/// about the words without it.
ChunkTraits chunk_traits(
    const Chunk& chunk, const TokenCounter& counter, const TermAnalyzer& analyzer
);

/// Times of the messages that the chunk covers, ascending, each once. Its indices are those of
/// `messages`.
std::vector<Timestamp> message_times(const Chunk& chunk, std::span<const Message> messages);

/// `ChunkTraits::says` alone: the one trait that depends on the analyzer.
float says(const Chunk& chunk, const TermAnalyzer& analyzer);

}  // namespace rag
