#include "conversation_source.hpp"

#include "cli_fixture.hpp"

namespace rag::cli {
namespace {

using testing::ElementsAre;

class ConversationSourceTest : public CliTest {
protected:
    /// "place: json" or "place! problem" of everything in the files.
    std::vector<std::string> all(std::vector<std::string> files) {
        ConversationSource source(std::move(files));
        std::vector<std::string> found;
        while (true) {
            auto item = source.next();
            if (!item) {
                found.push_back("error: " + item.error().message);
                return found;
            }
            if (!*item) break;
            std::string place = std::filesystem::path((*item)->place).filename().string();
            found.push_back(
                (*item)->problem.empty() ? place + " " + (*item)->json
                                         : place + " ! " + (*item)->problem
            );
        }
        EXPECT_EQ(source.bytes_read(), source.bytes_total());
        return found;
    }
};

TEST_F(ConversationSourceTest, ReadsAConversationALineAndSkipsBlankOnes) {
    const std::string path = file("a.jsonl", "\n{\"a\":1}\r\n\n{broken\n{\"b\":2}");

    EXPECT_THAT(
        all({path}), ElementsAre("a.jsonl:2 {\"a\":1}", "a.jsonl:4 {broken", "a.jsonl:5 {\"b\":2}")
    );
}

TEST_F(ConversationSourceTest, SkipsAByteOrderMarkBeforeEachFile) {
    const std::string mark = "\xEF\xBB\xBF";

    EXPECT_THAT(
        all(
            {file("a.jsonl", mark + "\n{\"a\":1}\n"),
             file("b.json", mark + "[{\"b\":1},\n{\"b\":2}]"),
             file("c.jsonl", mark + "{\"c\":1}\n")}
        ),
        ElementsAre(
            "a.jsonl:2 {\"a\":1}",
            "b.json[0] {\"b\":1}",
            "b.json[1] {\"b\":2}",
            "c.jsonl:1 {\"c\":1}"
        )
    );
}

TEST_F(ConversationSourceTest, ReadsOneConversationOverManyLinesVerbatim) {
    const std::string path =
        file("a.json", "{\n  \"metadata\": {\"n\":\n 12345678901234567890.10}\n}\n");

    EXPECT_THAT(
        all({path}),
        ElementsAre(
            path.substr(path.rfind('/') + 1) +
            " {   \"metadata\": {\"n\":  12345678901234567890.10} } "
        )
    );
}

TEST_F(ConversationSourceTest, ReadsAnArrayOfConversations) {
    const std::string path = file("a.json", "[{\"a\":1},\n {\"metadata\":{\"x\":1e2,\n\"y\":2}}]");

    EXPECT_THAT(
        all({path}),
        ElementsAre("a.json[0] {\"a\":1}", "a.json[1] {\"metadata\":{\"x\":1e2, \"y\":2}}")
    );
}

TEST_F(ConversationSourceTest, ABrokenDocumentIsOneFailure) {
    const std::vector<std::string> found = all({file("a.json", "{\n\"a\": 1,\n}\n")});

    ASSERT_EQ(found.size(), 1u);
    EXPECT_THAT(found[0], testing::StartsWith("a.json ! "));
}

TEST_F(ConversationSourceTest, ReadsFilesOneAfterTheOther) {
    const std::string a = file("a.json", "{\"a\":1}\n{\"a\":2}\n");
    const std::string b = file("b.json", "[]");
    const std::string c = file("c.ndjson", "[1]\n");

    EXPECT_THAT(
        all({a, b, c}), ElementsAre("a.json:1 {\"a\":1}", "a.json:2 {\"a\":2}", "c.ndjson:1 [1]")
    );
}

TEST_F(ConversationSourceTest, AFileThatIsNotThereIsAnError) {
    EXPECT_THAT(
        all({(folder_ / "missing").string()}),
        ElementsAre(testing::EndsWith("missing: the file cannot be read: No such file or directory")
        )
    );
    EXPECT_THAT(
        all({folder_.string()}), ElementsAre(testing::HasSubstr("a folder cannot be read"))
    );
}

}  // namespace
}  // namespace rag::cli
