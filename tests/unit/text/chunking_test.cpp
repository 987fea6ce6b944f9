#include <gtest/gtest.h>

#include <random>

#include "domain/chunk.hpp"
#include "encoding/utf8.hpp"
#include "text/segmenter.hpp"

namespace rag::text {
namespace {

/// A piece for every two bytes: letters beyond ASCII cost more, as they do in word pieces.
class HalfByteCounter final : public TokenCounter {
public:
    std::size_t count(std::string_view text) const override { return (text.size() + 1) / 2; }
    std::size_t max_tokens() const override { return 256; }
    std::size_t special_tokens() const override { return 2; }
};

void append_utf8(std::string& text, std::uint32_t code_point) {
    if (code_point < 0x80) {
        text += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        text += static_cast<char>(0xC0 | (code_point >> 6));
        text += static_cast<char>(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        text += static_cast<char>(0xE0 | (code_point >> 12));
        text += static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
        text += static_cast<char>(0x80 | (code_point & 0x3F));
    } else {
        text += static_cast<char>(0xF0 | (code_point >> 18));
        text += static_cast<char>(0x80 | ((code_point >> 12) & 0x3F));
        text += static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
        text += static_cast<char>(0x80 | (code_point & 0x3F));
    }
}

/// Random text of one flavour: sentences, Chinese, stacked accents, Thai, emoji sequences,
/// anything.
std::string random_text(std::mt19937& random, std::size_t characters) {
    const auto below = [&random](std::uint32_t bound) {
        return std::uniform_int_distribution<std::uint32_t>(0, bound - 1)(random);
    };
    const std::uint32_t flavour = below(6);
    std::string text = "x";
    while (characters-- > 0) {
        switch (flavour) {
            case 0:
                append_utf8(text, static_cast<std::uint32_t>("abcdefg .\n!?"[below(12)]));
                break;
            case 1:
                append_utf8(text, 0x4E00 + below(20'000));
                break;
            case 2:
                append_utf8(text, below(5) > 0 ? 0x300 + below(0x60) : 'a' + below(26));
                break;
            case 3:
                append_utf8(text, 0xE01 + below(0x3A));
                break;
            case 4:
                append_utf8(text, below(3) > 0 ? 0x1F600 + below(80) : 0x200D);
                break;
            default:
                append_utf8(text, 1 + below(0xD7FF));
                break;
        }
    }
    return text;
}

TEST(ChunkingOfAnyText, GivesValidChunksThatFit) {
    std::mt19937 random(20'251'107);
    const HalfByteCounter counter;
    const auto segmenter = make_segmenter();
    for (int round = 0; round < 200; ++round) {
        Message message;
        message.author_name = random_text(random, round % 3 == 0 ? 900 : 4);
        message.content = random_text(random, 1 + random() % 3'000);
        ChunkingLimits limits;
        if (round % 4 == 0) limits = {.characters_max = 60, .overlap_characters = 20};

        const auto chunks = chunk_messages({message, message}, limits, counter, *segmenter);

        for (const Chunk& chunk : chunks) {
            ASSERT_TRUE(encoding::is_valid_utf8(chunk.text)) << round;
            ASSERT_LE(count_characters(chunk.text), limits.characters_max) << round;
            ASSERT_LE(counter.count(chunk.text) + 2, counter.max_tokens()) << round;
        }
        ASSERT_EQ(chunks.front().message_start, 0);
        ASSERT_EQ(chunks.back().message_end, 1);
    }
}

}  // namespace
}  // namespace rag::text
