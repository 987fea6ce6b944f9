#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "domain/chunk.hpp"
#include "domain/wordless.hpp"

namespace rag {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

/// A word is a piece for every four letters that it begins.
class FakeTokenCounter : public TokenCounter {
public:
    explicit FakeTokenCounter(std::size_t max_tokens = 256) : max_tokens_(max_tokens) {}
    std::size_t count(std::string_view text) const override {
        std::istringstream stream{std::string(text)};
        std::size_t pieces = 0;
        for (std::string word; stream >> word;) pieces += (word.size() + 3) / 4;
        return pieces;
    }
    std::size_t max_tokens() const override { return max_tokens_; }
    std::size_t special_tokens() const override { return 2; }

private:
    std::size_t max_tokens_;
};

/// Sentences end behind ". ", paragraphs behind an empty line; a combining acute accent stays with
/// its letter.
class FakeSegmenter : public Segmenter {
public:
    std::vector<Break> breaks(std::string_view text) const override {
        std::vector<Break> found;
        for (std::size_t place = 1; place < text.size(); ++place) {
            const auto byte = static_cast<unsigned char>(text[place]);
            if ((byte & 0xC0U) == 0x80U || text.substr(place, 2) == "\u0301") continue;
            BreakKind kind = BreakKind::character;
            const std::string_view before = text.substr(0, place);
            if (before.back() == ' ' || before.back() == '\n') kind = BreakKind::word;
            if (before.size() > 1 && before.substr(place - 2) == ". ") kind = BreakKind::sentence;
            if (before.size() > 1 && before.substr(place - 2) == "\n\n")
                kind = BreakKind::paragraph;
            found.push_back({place, kind});
        }
        return found;
    }

    /// All that is not made by `without_words`.
    std::size_t characters_in_words(std::string_view text, std::size_t enough) const override {
        return text.find("q7Zx31Kp q7Zx31Kp") == std::string_view::npos ? enough : 0;
    }
};

class FakeAnalyzer : public TermAnalyzer {
public:
    std::vector<Term> analyze(std::string_view text) const override {
        std::istringstream stream{std::string(text)};
        std::vector<Term> terms;
        for (std::string word; stream >> word;) terms.push_back({word, 1, word == "the"});
        return terms;
    }
    std::uint32_t version() const override { return 1; }
};

Message says(std::optional<std::string> author, std::string content) {
    Message message;
    message.author_name = std::move(author);
    message.content = std::move(content);
    return message;
}

std::vector<Chunk> chunks_of(
    const std::vector<Message>& messages,
    ChunkingLimits limits = {},
    const TokenCounter& counter = FakeTokenCounter()
) {
    return chunk_messages(messages, limits, counter, FakeSegmenter());
}

std::vector<std::string> texts_of(const std::vector<Chunk>& chunks) {
    std::vector<std::string> texts;
    for (const Chunk& chunk : chunks) texts.push_back(chunk.text);
    return texts;
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    while (times-- > 0) all += text;
    return all;
}

TEST(Chunking, PutsTheAuthorBeforeTheContent) {
    Message typed = says(std::nullopt, "one");
    typed.author_type = "assistant";

    const auto chunks = chunks_of({says("Ana", "hello"), typed, says(std::nullopt, "two")});

    EXPECT_THAT(texts_of(chunks), ElementsAre("Ana: hello", "assistant: one", "Unknown: two"));
}

TEST(Chunking, PacksConsecutiveMessagesOfOneSpeaker) {
    const auto chunks =
        chunks_of({says("Ana", "one"), says("Ana", "two"), says("Bo", "three"), says("Ana", "four")}
        );

    EXPECT_THAT(texts_of(chunks), ElementsAre("Ana: one\ntwo", "Bo: three", "Ana: four"));
    EXPECT_EQ(chunks[0].message_start, 0);
    EXPECT_EQ(chunks[0].message_end, 1);
    EXPECT_EQ(chunks[1].message_start, 2);
    EXPECT_EQ(chunks[2].order_index, 2);
}

TEST(Chunking, DoesNotPackTwoTypesOfOneName) {
    Message person = says("Ana", "one");
    person.author_type = "user";
    Message machine = says("Ana", "two");
    machine.author_type = "assistant";

    EXPECT_THAT(chunks_of({person, machine}), SizeIs(2));
}

TEST(Chunking, StampsAChunkWithItsFirstMessage) {
    Message first = says("Ana", "one");
    first.timestamp = Timestamp{1'000};
    Message second = says("Ana", "two");
    second.timestamp = Timestamp{2'000};

    const auto chunks = chunks_of({first, second});

    ASSERT_THAT(chunks, SizeIs(1));
    EXPECT_EQ(chunks[0].timestamp, Timestamp{1'000});
}

TEST(Chunking, StopsPackingWhereALimitWouldBreak) {
    const ChunkingLimits limits{.characters_max = 12, .overlap_characters = 0};
    EXPECT_THAT(
        texts_of(chunks_of({says("Ana", "123"), says("Ana", "456"), says("Ana", "7")}, limits)),
        ElementsAre("Ana: 123\n456", "Ana: 7")
    );

    const FakeTokenCounter four(4 + 2);
    EXPECT_THAT(
        texts_of(chunks_of({says("A", "a b"), says("A", "c"), says("A", "d e")}, {}, four)),
        ElementsAre("A: a b\nc", "A: d e")
    );
}

TEST(Chunking, CountsCodePointsNotBytes) {
    const ChunkingLimits limits{.characters_max = 20, .overlap_characters = 0};

    const auto chunks = chunks_of({says("Ana", repeated("\u00E9", 15))}, limits);

    EXPECT_THAT(chunks, SizeIs(1));
}

TEST(Chunking, CutsALongMessageAtTheStrongestPlaceOfItsSecondHalf) {
    const ChunkingLimits limits{.characters_max = 43, .overlap_characters = 0};

    EXPECT_THAT(
        texts_of(
            chunks_of({says("A", "one two three four. five\n\nsix seven. eight nine ten")}, limits)
        ),
        ElementsAre("A: one two three four. five", "A: six seven. eight nine ten")
    );
    EXPECT_THAT(
        texts_of(
            chunks_of({says("A", "one two three. four five. six seven eight nine ten")}, limits)
        ),
        ElementsAre("A: one two three. four five.", "A: six seven eight nine ten")
    );
    EXPECT_THAT(
        texts_of(chunks_of({says("A", "one two three four five six seven eight nine ten")}, limits)
        ),
        ElementsAre("A: one two three four five six seven eight", "A: nine ten")
    );
}

TEST(Chunking, BeginsTheNextPartALittleBeforeTheCut) {
    const ChunkingLimits limits{.characters_max = 43, .overlap_characters = 8};

    const auto texts =
        texts_of(chunks_of({says("A", "one two three four five six seven eight nine ten")}, limits)
        );

    EXPECT_THAT(
        texts, ElementsAre("A: one two three four five six seven eight", "A: eight nine ten")
    );
}

TEST(Chunking, GivesEveryPartOfASplitMessageItsIndexAndDoesNotContinueIt) {
    const ChunkingLimits limits{.characters_max = 20, .overlap_characters = 0};

    const auto chunks = chunks_of(
        {says("A", "one two three four five six"), says("A", "x"), says("A", "y")}, limits
    );

    EXPECT_THAT(texts_of(chunks), ElementsAre("A: one two three", "A: four five six", "A: x\ny"));
    EXPECT_EQ(chunks[1].message_start, 0);
    EXPECT_EQ(chunks[1].message_end, 0);
    EXPECT_EQ(chunks[2].message_start, 1);
    EXPECT_EQ(chunks[2].message_end, 2);
}

TEST(Chunking, NeverTearsAnAccentFromItsLetter) {
    const ChunkingLimits limits{.characters_max = 20, .overlap_characters = 3};
    const std::string content = repeated("e\u0301", 60);

    const auto chunks = chunks_of({says("A", content)}, limits);

    for (const Chunk& chunk : chunks) EXPECT_EQ(chunk.text.substr(3, 3), "e\u0301");
}

TEST(Chunking, CutsEvenASingleGraphemeThatDoesNotFit) {
    const ChunkingLimits limits{.characters_max = 20, .overlap_characters = 5};

    const auto chunks = chunks_of({says("A", "e" + repeated("\u0301", 200))}, limits);

    std::size_t characters = 0;
    for (const Chunk& chunk : chunks) {
        EXPECT_LE(count_characters(chunk.text), 20U);
        characters += count_characters(chunk.text) - 3;
    }
    EXPECT_GE(characters, 201U);
}

TEST(Chunking, LeavesTheOverlapOutWhereWhatFollowsDoesNotFitBehindIt) {
    const ChunkingLimits limits{.characters_max = 23, .overlap_characters = 5};
    const std::string large = "e" + repeated("\u0301", 17);  // One grapheme.

    const auto chunks = chunks_of({says("A", "one two three four " + large)}, limits);

    EXPECT_THAT(texts_of(chunks), ElementsAre("A: one two three four", "A: " + large));
}

TEST(Chunking, ShortensAnAuthorOnlyWhoFillsHalfOfAChunk) {
    const ChunkingLimits limits{.characters_max = 40, .overlap_characters = 0};
    const std::string fits(18, 'n');
    const std::string too_long(500, 'n');

    EXPECT_EQ(chunks_of({says(fits, "hello")}, limits)[0].text, fits + ": hello");
    const auto chunks = chunks_of({says(too_long, repeated("hello ", 20))}, limits);
    for (const Chunk& chunk : chunks) {
        EXPECT_LE(count_characters(chunk.text), 40U);
        EXPECT_EQ(chunk.text.substr(0, 23), std::string(17, 'n') + "\u2026: h");
        EXPECT_EQ(chunk.author_name, too_long);
    }
}

TEST(Chunking, DropsNoWordOfALongMessage) {
    std::string content;
    for (int number = 0; number < 5'000; ++number) {
        content += "w" + std::to_string(number) +
                   (number % 17 == 0 ? ".\n\n"
                    : number % 5     ? " "
                                     : ". ");
    }
    const FakeTokenCounter counter(100);

    const auto chunks = chunks_of({says("Ana", content)}, {}, counter);

    std::vector<bool> seen(5'000);
    for (const Chunk& chunk : chunks) {
        EXPECT_LE(count_characters(chunk.text), 1'000U);
        EXPECT_LE(counter.count(chunk.text) + counter.special_tokens(), counter.max_tokens());
        std::istringstream words(chunk.text.substr(5));
        for (std::string word; words >> word;) {
            seen.at(static_cast<std::size_t>(std::stoi(word.substr(1)))) = true;
        }
    }
    EXPECT_THAT(seen, Each(true));
}

TEST(Chunking, OfAMegabyteWithoutSpacesEndsAndLosesNothing) {
    const std::string content(1U << 20U, 'x');
    const ChunkingLimits limits{.characters_max = 1'000, .overlap_characters = 0};

    const auto chunks = chunks_of({says("A", content)}, limits);

    std::size_t characters = 0;
    for (const Chunk& chunk : chunks) characters += chunk.text.size() - 3;
    EXPECT_EQ(characters, content.size());
}

TEST(Chunking, LeavesNoChunkOfTrailingWhiteSpace) {
    const ChunkingLimits limits{.characters_max = 20, .overlap_characters = 5};

    const auto chunks = chunks_of({says("A", "hello there" + std::string(100, '\n'))}, limits);

    EXPECT_THAT(texts_of(chunks), ElementsAre("A: hello there"));
}

std::string without_words(std::size_t characters) {
    std::string text;
    while (text.size() < characters) text += "q7Zx31Kp ";
    return text;
}

TEST(Chunking, OfAMessageWithoutWordsIsOneChunkOfItsBeginning) {
    const std::string content = without_words(20'000);
    const auto chunks =
        chunks_of({says("Bob", "Look:"), says("Bob", content), says("Bob", "Done.")});

    ASSERT_THAT(chunks, SizeIs(3));  // Nothing is put beside it.
    EXPECT_EQ(chunks[1].message_start, 1);
    EXPECT_EQ(chunks[1].message_end, 1);
    EXPECT_TRUE(chunks[1].stands_for_message);
    EXPECT_FALSE(chunks[0].stands_for_message || chunks[2].stands_for_message);
    EXPECT_EQ(chunks[1].text.substr(0, 14), "Bob: q7Zx31Kp ");
    EXPECT_LE(chunks[1].text.size(), 1'000U);
    EXPECT_GT(chunks[1].text.size(), 500U) << "as much as goes into a chunk";
}

TEST(Chunking, BeginsWithWhatCanBeSeenOfAMessageWithoutWords) {
    const auto chunks = chunks_of({says("Bob", std::string(3'000, '\n') + without_words(5'000))});
    ASSERT_THAT(chunks, SizeIs(1));
    EXPECT_EQ(chunks[0].text.substr(0, 14), "Bob: q7Zx31Kp ");
    EXPECT_TRUE(chunks[0].stands_for_message);
}

TEST(Chunking, LeavesNothingOutOfAMessageWithoutWordsThatFits) {
    const std::string content = without_words(4'100);
    const auto chunks = chunks_of(
        {says("Bob", content)},
        {.characters_max = 6'000, .overlap_characters = 100},
        FakeTokenCounter(3'000)
    );
    ASSERT_THAT(chunks, SizeIs(1));
    EXPECT_FALSE(chunks[0].stands_for_message);
    EXPECT_EQ(chunks[0].text, "Bob: " + content);
}

TEST(Chunking, LeavesNothingOutOfAKeyBeforeMuchWhiteSpace) {
    const auto chunks = chunks_of({says("Bob", "q7Zx31Kp q7Zx31Kp" + std::string(6'000, ' '))});
    ASSERT_THAT(chunks, SizeIs(1));
    EXPECT_FALSE(chunks[0].stands_for_message);
    EXPECT_EQ(chunks[0].text, "Bob: q7Zx31Kp q7Zx31Kp");
}

TEST(Wordless, TellsWhatAChunkLeavesOutWhateverStandsBeforeIt) {
    Chunk chunk;
    for (const std::string prefix : {"", "Bob: ", "user: ", "A long na\u2026: "}) {
        chunk.text = prefix + "q7 z9";
        EXPECT_TRUE(leaves_text_out(chunk, "q7 z9 x1")) << prefix;
        EXPECT_TRUE(leaves_text_out(chunk, "\n q7 z9 x1")) << prefix;
        EXPECT_FALSE(leaves_text_out(chunk, "q7 z9")) << prefix;
        EXPECT_FALSE(leaves_text_out(chunk, "q7 z9 \n")) << prefix;
        EXPECT_FALSE(leaves_text_out(chunk, "other text")) << prefix;
    }
}

TEST(ChunkTraits, LookAtWhatTheAuthorSays) {
    Chunk chunk = chunks_of({says("Will?", "Did the dog bark? No. It slept yesterday")})[0];

    const ChunkTraits traits = chunk_traits(chunk, FakeTokenCounter(), FakeAnalyzer());

    EXPECT_EQ(traits.tokens, FakeTokenCounter().count(chunk.text));
    EXPECT_NEAR(traits.not_question, 2.0 / 3, 1e-5);
    EXPECT_FLOAT_EQ(traits.says, 1);
    EXPECT_TRUE(traits.has_question_mark);
    EXPECT_TRUE(traits.has_time_word);
}

TEST(ChunkTraits, DoNotTakeTheAuthorForContent) {
    Chunk chunk = chunks_of({says("May 2023?", "the the yes")})[0];

    const ChunkTraits traits = chunk_traits(chunk, FakeTokenCounter(), FakeAnalyzer());

    EXPECT_FLOAT_EQ(traits.says, 0.2F);
    EXPECT_FALSE(traits.has_question_mark);
    EXPECT_FALSE(traits.has_time_word);
}

}  // namespace
}  // namespace rag
