#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connection.hpp"
#include "contract/repository_fixture.hpp"
#include "sqlite/factory.hpp"
#include "support/fake_telemetry.hpp"
#include "support/temp_folder.hpp"

namespace rag::test {

namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// Breaks a store from outside, and looks whether `verify` sees it.
class Verify : public testing::Test {
protected:
    void SetUp() override {
        reopen();
        ASSERT_TRUE(await(repository->use_space(test_space(), within(30s))));
        for (const std::string text : {"one", "two"}) {
            std::vector<Message> messages{said("ana", text), said("bo", text + " again")};
            ASSERT_TRUE(await(
                repository->save(conversation_of(std::move(messages)), without_key(), within(30s))
            ));
        }
        ASSERT_THAT(problems(), IsEmpty());
    }

    void reopen() {
        repository.reset();
        SqliteOptions options;
        options.data_dir = folder.path();
        repository = make_sqlite_repository(std::move(options), telemetry);
    }

    std::vector<std::string> problems() {
        return await(repository->verify(within(30s))).value().problems;
    }

    std::vector<std::string> after(const char* damage) {
        repository.reset();
        {
            sqlite::ConnectionOptions options;
            options.path = folder.path() / kSqliteFileName;
            options.mode = sqlite::OpenMode::read_write;
            sqlite::Connection db(options);
            db.execute("PRAGMA foreign_keys = OFF");
            db.execute(damage);
        }
        reopen();
        return problems();
    }

    TempFolder folder;
    FakeTelemetry telemetry;
    std::unique_ptr<ConversationRepository> repository;
};

TEST_F(Verify, SeesMissingTerms) {
    EXPECT_THAT(
        after("DELETE FROM chunk_terms WHERE chunk_id = 2"),
        Contains(HasSubstr("terms are missing of chunk 2"))
    );
}

TEST_F(Verify, SeesTermsOfAnotherAnalyzer) {
    EXPECT_THAT(
        after("UPDATE chunk_terms SET analyzer_version = 7 WHERE chunk_id = 2"),
        Contains(HasSubstr("terms of another analyzer of chunk 2"))
    );
}

TEST_F(Verify, SeesAMissingEmbedding) {
    EXPECT_THAT(
        after("DELETE FROM chunk_embeddings WHERE chunk_id = 3"), Contains(HasSubstr("chunk 3"))
    );
}

TEST_F(Verify, SeesMissingTokenVectors) {
    EXPECT_THAT(
        after("DELETE FROM chunk_pieces WHERE chunk_id = 4"),
        Contains(HasSubstr("token vectors are missing of chunk 4"))
    );
}

TEST_F(Verify, SeesAMissingMessage) {
    EXPECT_THAT(
        after("DELETE FROM messages WHERE conversation_id = 1 AND message_index = 0"),
        Contains(HasSubstr("conversation 1"))
    );
}

TEST_F(Verify, SeesAMissingChunk) {
    EXPECT_THAT(
        after("DELETE FROM conversation_chunks WHERE id = 1"), Contains(HasSubstr("conversation 1"))
    );
}

TEST_F(Verify, SeesRowsOfAConversationThatIsGone) {
    EXPECT_THAT(
        after("DELETE FROM conversations WHERE id = 2"),
        Contains(HasSubstr("row of messages without its row of conversations"))
    );
}

TEST_F(Verify, SeesStatisticsThatDrifted) {
    EXPECT_THAT(
        after("UPDATE corpus_statistics SET messages = 7, terms_length = 1"),
        testing::IsSupersetOf(
            {HasSubstr("messages: 7 noted, 4 counted"), HasSubstr("length of terms")}
        )
    );
}

TEST_F(Verify, SeesAVectorOfAWrongSize) {
    EXPECT_THAT(
        after("UPDATE chunk_embeddings SET vector = x'00000000' WHERE chunk_id = 1"),
        Contains(HasSubstr("wrong size of chunk 1"))
    );
}

TEST_F(Verify, NamesAtMostAHundredProblems) {
    const std::vector<std::string> found = after(
        "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 399)"
        " INSERT INTO messages SELECT 'default', 1, i, NULL, NULL, NULL, 0, 'x', NULL, NULL, NULL,"
        " 0 FROM n;"
        "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 399)"
        " INSERT INTO conversations SELECT 'default', i, NULL, NULL, NULL, NULL, NULL, NULL, 0,"
        " x'00', 5, 0, NULL, 0, 0 FROM n"
    );

    ASSERT_EQ(found.size(), 101u);
    EXPECT_THAT(found.back(), HasSubstr("more"));
}

}  // namespace

}  // namespace rag::test
