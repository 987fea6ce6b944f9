#include "text/wordpiece.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace rag {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A model folder with a vocabulary of a few pieces; ids are line numbers from 0.
class ModelFolder {
public:
    ModelFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "wordpiece_XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~ModelFolder() { std::filesystem::remove_all(path); }
    ModelFolder(const ModelFolder&) = delete;
    ModelFolder& operator=(const ModelFolder&) = delete;

    void write(const char* file, const std::string& text) const {
        std::ofstream(path / file, std::ios::binary) << text;
    }

    std::filesystem::path path;
};

constexpr const char* kVocabulary =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\nun\n##aff\n##able\n,\nhello\n##o\nhe\n##ll\n\xE4\xBD\xA0\nHello\n"
    "\xC3\xA9t\xC3\xA9\nete\n";

WordPieceTokenizer tokenizer_of(const ModelFolder& folder) {
    Result<WordPieceTokenizer> loaded = WordPieceTokenizer::load(folder.path);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return std::move(*loaded);
}

TEST(WordPieceTokenizer, CutsWordsIntoTheLongestPieces) {
    ModelFolder folder;
    folder.write("vocab.txt", kVocabulary);
    const WordPieceTokenizer tokenizer = tokenizer_of(folder);

    EXPECT_THAT(tokenizer.encode("Unaffable, HELLO"), ElementsAre(4, 5, 6, 7, 8));
    EXPECT_THAT(tokenizer.encode("unx he\xE4\xBD\xA0"), ElementsAre(1, 10, 12));
    EXPECT_THAT(tokenizer.encode(" \t\n"), IsEmpty());
    EXPECT_EQ(tokenizer.count("Unaffable, HELLO"), 5U);
    EXPECT_EQ(tokenizer.count("unaffablex"), 1U);
}

TEST(WordPieceTokenizer, TakesItsSettingsFromTheModelFolder) {
    ModelFolder folder;
    folder.write("vocab.txt", kVocabulary);
    folder.write("tokenizer_config.json", R"({"do_lower_case": false, "strip_accents": null})");
    folder.write("sentence_bert_config.json", R"({"max_seq_length": 128})");
    const WordPieceTokenizer tokenizer = tokenizer_of(folder);

    EXPECT_THAT(tokenizer.encode("Hello hello \xC3\xA9t\xC3\xA9"), ElementsAre(13, 8, 14));
    EXPECT_EQ(tokenizer.max_tokens(), 128U);
}

TEST(WordPieceTokenizer, StripsAccentsWhereItFoldsCase) {
    ModelFolder folder;
    folder.write("vocab.txt", kVocabulary);

    EXPECT_THAT(tokenizer_of(folder).encode("\xC3\x89t\xC3\xA9"), ElementsAre(15));
}

TEST(WordPieceTokenizer, RefusesAFolderThatHoldsNoVocabulary) {
    ModelFolder folder;
    EXPECT_EQ(WordPieceTokenizer::load(folder.path).error().code, ErrorCode::invalid_argument);

    folder.write("vocab.txt", "a\nb\n");
    EXPECT_EQ(WordPieceTokenizer::load(folder.path).error().code, ErrorCode::invalid_argument);

    folder.write("vocab.txt", kVocabulary);
    folder.write("tokenizer_config.json", "[]");
    EXPECT_EQ(WordPieceTokenizer::load(folder.path).error().code, ErrorCode::invalid_argument);
}

std::string from_hexadecimal(const std::string& digits) {
    std::string bytes;
    for (std::size_t place = 0; place + 1 < digits.size(); place += 2) {
        bytes.push_back(static_cast<char>(std::stoi(digits.substr(place, 2), nullptr, 16)));
    }
    return bytes;
}

TEST(WordPieceTokenizer, GivesTheIdsOfTheReference) {
    const Result<WordPieceTokenizer> tokenizer = WordPieceTokenizer::load(RAG_MODEL_FOLDER);
    ASSERT_TRUE(tokenizer) << tokenizer.error().message << "; scripts/setup.sh installs the model";
    std::ifstream golden(RAG_WORDPIECE_GOLDEN);
    std::size_t texts = 0;

    for (std::string line; std::getline(golden, line);) {
        if (line.starts_with('#')) continue;
        const std::size_t bar = line.find('|');
        ASSERT_NE(bar, std::string::npos);
        const std::string text = from_hexadecimal(line.substr(0, bar));
        std::ostringstream ids;
        for (const char* gap = ""; const std::int32_t id : tokenizer->encode(text)) {
            ids << gap << id;
            gap = " ";
        }
        EXPECT_EQ(ids.str(), line.substr(bar + 1)) << text;
        EXPECT_EQ(tokenizer->count(text), tokenizer->encode(text).size()) << text;
        ++texts;
    }

    EXPECT_GT(texts, 40U);
}

}  // namespace
}  // namespace rag
