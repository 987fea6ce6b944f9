#include "domain/wordless.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "text/analyzer.hpp"
#include "text/segmenter.hpp"

namespace rag::text {
namespace {

using testing::Contains;
using testing::Field;
using testing::IsSupersetOf;

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64OfAddresses =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kHex = "0123456789abcdef";

/// Random characters of the alphabet, in lines if `line` is not 0.
std::string encoded(std::string_view alphabet, std::size_t characters, std::size_t line = 0) {
    std::mt19937 random(20'251'127);
    std::string text;
    for (std::size_t i = 0; i < characters; ++i) {
        if (line != 0 && i > 0 && i % line == 0) text += '\n';
        text += alphabet[random() % alphabet.size()];
    }
    return text;
}

std::string repeated(std::string_view text, std::size_t characters) {
    std::string whole;
    while (count_characters(whole) <= characters) whole += text;
    return whole;
}

bool holds_words(std::string_view text) {
    const auto segmenter = make_segmenter();
    return rag::holds_words(text, *segmenter);
}

TEST(Wordless, AreBytesThatSomebodyEncoded) {
    EXPECT_FALSE(holds_words(encoded(kBase64, 4'001)));
    EXPECT_FALSE(holds_words(encoded(kBase64, 200'000, 76)));
    EXPECT_FALSE(holds_words(encoded(kBase64OfAddresses, 100'000)));
    EXPECT_FALSE(holds_words(encoded(kBase32, 100'000, 64)));
    EXPECT_FALSE(holds_words(encoded(kHex, 100'000)));
    EXPECT_FALSE(holds_words(encoded(kHex, 100'000, 64)));
    EXPECT_FALSE(holds_words(encoded(kHex, 100'000, 4)));
    EXPECT_FALSE(holds_words(encoded("0123456789", 100'000)));
    EXPECT_FALSE(holds_words(encoded("ACGT", 100'000, 70)));
    EXPECT_FALSE(holds_words("Here it is: " + encoded(kBase64, 5'000)));
    EXPECT_FALSE(holds_words("Voil\u00E0 : " + encoded(kBase64, 5'000))) << "read by ICU";
    EXPECT_FALSE(holds_words("\u65E5\u672C " + encoded(kHex, 100'000, 64)));
}

TEST(Wordless, IsNoTextOfUpTo4000Characters) {
    EXPECT_TRUE(holds_words(encoded(kBase64, 4'000)));
    EXPECT_TRUE(holds_words(""));
    // More bytes than characters.
    EXPECT_TRUE(holds_words(repeated("\u00B7", 3'990)));
    EXPECT_FALSE(holds_words(repeated("\u00B7", 4'000)));
}

TEST(Wordless, IsWhatHasLessThanATenthInWords) {
    const auto line = [](std::size_t signs) { return std::string(signs, '#') + " eight abcd"; };
    EXPECT_TRUE(holds_words(repeated(line(79), 10'000))) << "9 of 90";
    EXPECT_FALSE(holds_words(repeated(line(80), 10'000))) << "9 of 91";
}

TEST(Wordless, HasNoWordsOfMoreThan30LettersOrWithADigit) {
    const auto line = [](std::size_t letters) { return std::string(letters, 'n') + ' '; };
    EXPECT_TRUE(holds_words(repeated(line(30), 10'000)));
    EXPECT_FALSE(holds_words(repeated(line(31), 10'000)));
    EXPECT_FALSE(holds_words(repeated("word1 2words wo3rds ", 10'000)));
}

TEST(Wordless, IsNoProseInAnyLanguage) {
    for (const std::string_view prose : {
             "The ferry left before dawn. ",
             "Die Donaudampfschifffahrtsgesellschaft f\u00E4hrt nicht. ",
             "L\u2019\u00E9t\u00E9, nous n\u2019irons pas \u00E0 la mer. ",
             "Паром ушёл до рассвета. ",
             "Το πλοίο έφυγε πριν από την αυγή. ",
             "渡船在黎明前离开了港口，甲板上没有人说话。",
             "渡船在黎明前离开了港口甲板上没有人说话",
             "フェリーは夜明け前に港を出た。",
             "フェリーは夜明け前に港を出て誰も口をきかなかった",
             "페리는 새벽 전에 항구를 떠났다. ",
             "เรือเฟอร์รี่ออกจากท่าเรือก่อนรุ่งสาง",
             "សាឡាងបានចាកចេញពីកំពង់ផែមុនព្រលឹម",
             "ເຮືອອອກຈາກທ່າກ່ອນຮຸ່ງເຊົ້າ",
             "ကူးတို့သင်္ဘောသည် အရုဏ်မတက်မီ ထွက်ခွာသွားသည်။",
             "غادرت العبارة الميناء قبل الفجر. ",
             "המעבורת עזבה את הנמל לפני עלות השחר. ",
             "नौका भोर से पहले बंदरगाह से निकल गई। ",
             "ভোরের আগে ফেরি বন্দর ছেড়ে গেল। ",
             "படகு விடியலுக்கு முன் துறைமுகத்தை விட்டு வெளியேறியது. ",
             "ጀልባው ጎህ ሳይቀድ ወደቡን ለቆ ወጣ። ",
             "ბორანი გამთენიისას გავიდა ნავსადგურიდან. ",
             "Լաստանավը լուսաբացից առաջ լքեց նավահանգիստը։ ",
             "Chiếc phà rời bến cảng trước bình minh. ",
             "གྲུ་གཟིངས་དེ་སྐྱ་རེངས་མ་ཤར་གོང་དུ་ཐོན་སོང་།",
             "ꦥꦿꦲꦸꦤꦶꦏꦸꦩꦔ꧀ꦏꦠ꧀ꦱꦢꦸꦫꦸꦔꦺꦱꦸꦧꦸꦃꦲꦤꦮꦺꦴꦁꦔꦺꦴꦩꦺꦴꦁ",
             "\u1A34\u1A61\u1A36\u1A6E\u1A32\u1A60\u1A45\u1A36\u1A63\u1A20\u1A3E\u1A6C\u1A62\u1A36",
             "Lautta lähti satamasta ennen aamunkoittoa. ",
             "Feribot şafaktan önce limandan ayrıldı. ",
         }) {
        EXPECT_TRUE(holds_words(repeated(prose, 5'000))) << prose;
    }
}

TEST(Wordless, IsNoTextOfEmoji) {
    for (const std::string_view emoji : {
             "\U0001F600",
             "\U0001F468\u200D\U0001F469\u200D\U0001F467",
             "\U0001F1FA\U0001F1E6",
             "\u2764\uFE0F",
             "\U0001F44D\U0001F3FD",
             "1\uFE0F\u20E3",
         }) {
        EXPECT_TRUE(holds_words(repeated(emoji, 5'000))) << emoji;
    }
}

TEST(Wordless, IsNoSourceCode) {
    for (const std::string_view code : {
             "for (std::size_t i = 0; i < 10; ++i) sum += a[i] * b[i];\n",
             "import java.util.concurrent.locks.ReentrantReadWriteLock;\n",
             "import org.example.building_blocks.region_allocator.EdgeCase;\n",
             "!function(e,t){\"object\"==typeof n?e(n):t[0](r)}(this,function(e){return e});",
             "function _0x3fa2(_0x12ab,_0x34cd){return _0x4e2f(_0x12ab-0x1f2,_0x34cd);}",
             "  401000:\t48 89 e5             \tmov    %rsp,%rbp\n",
             "SELECT a.id, b.n1 FROM t1 a JOIN t2 b ON a.k=b.k;\n",
             ".b1{margin:0 1px;color:#f0a1b2}.c2>p{top:3em}",
             "    def f(self, x):\n        return self.y[x] ** 2\n",
             "2025-11-27T10:00:00Z 3f2a9c4be1d0477aa5c2 GET /v1/items/8f3b2c1d9e 200 12ms retry\n",
         }) {
        EXPECT_TRUE(holds_words(repeated(code, 5'000))) << code;
    }
}

TEST(Wordless, CountsNoFurtherThanIsAskedFor) {
    const auto segmenter = make_segmenter();
    EXPECT_EQ(segmenter->characters_in_words("one two", 100), 6U);
    EXPECT_EQ(segmenter->characters_in_words("one two", 4), 4U);
    EXPECT_EQ(segmenter->characters_in_words("\u00FCne two", 100), 6U);
    EXPECT_EQ(segmenter->characters_in_words("\u00FCne two three", 4), 4U);
}

TEST(Wordless, ReadsPlainTextAsItReadsAnyOther) {
    const auto segmenter = make_segmenter();
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (std::size_t i = 0; i < 200; ++i) text += static_cast<char>(' ' + random() % 95);
        // A word of its own that is not ASCII.
        const std::size_t plain = segmenter->characters_in_words(text, 1'000);
        EXPECT_EQ(segmenter->characters_in_words(text + " \u00E9", 1'000), plain + 1) << text;
    }
}

/// One piece for every two bytes.
class HalfByteCounter final : public TokenCounter {
public:
    std::size_t count(std::string_view text) const override { return (text.size() + 1) / 2; }
    std::size_t max_tokens() const override { return 256; }
    std::size_t special_tokens() const override { return 2; }
};

TEST(Wordless, IsFoundByEachOfItsTerms) {
    const auto analyzer = make_analyzer("english").value();
    Message message;
    message.author_name = "Vera";
    message.content = encoded(kBase64, 50'000, 76) + "\nlighthouse42\n";
    const auto chunks = chunk_messages({message}, {}, HalfByteCounter(), *make_segmenter());
    ASSERT_EQ(chunks.size(), 1U);
    EXPECT_TRUE(chunks[0].stands_for_message);
    EXPECT_EQ(chunks[0].text.find("lighthouse42"), std::string::npos);

    const ChunkTerms found = terms_of(chunks[0], message.content, *analyzer);

    const auto texts = [](const std::vector<Term>& terms) {
        std::vector<std::string> made;
        for (const Term& term : terms) made.push_back(term.text);
        return made;
    };
    EXPECT_THAT(texts(found.terms), IsSupersetOf(texts(analyzer->analyze(message.content))));
    EXPECT_THAT(found.terms, Contains(Field(&Term::text, "vera")));
    EXPECT_THAT(found.terms, testing::Each(Field(&Term::count, 1U)));
    EXPECT_LT(found.length, 100U) << "as long as its text";
}

TEST(Wordless, OfAMebibyteWithoutASeparatorIsOneTermMore) {
    const auto analyzer = make_analyzer("english").value();
    Message message;
    message.content = encoded(kHex, std::size_t{1} << 20);
    const auto chunks = chunk_messages({message}, {}, HalfByteCounter(), *make_segmenter());
    ASSERT_EQ(chunks.size(), 1U);
    const ChunkTerms found = terms_of(chunks[0], message.content, *analyzer);
    EXPECT_LE(found.terms.size(), 2U);
    EXPECT_LE(found.terms.back().text.size(), 128U);
}

}  // namespace
}  // namespace rag::text
