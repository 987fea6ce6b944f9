#include "blobs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rag::sqlite {

namespace {

using testing::ElementsAre;

TEST(Blobs, VectorsAndTimesComeBackAsTheyWere) {
    const std::vector<float> vector{0.0F, -1.5F, 3e-20F};
    const std::vector<Timestamp> times{{-1}, {1'700'000'000'123}};

    EXPECT_EQ(decode_vector(vector_blob(vector)), vector);
    EXPECT_EQ(decode_times(encode_times(times)), times);
    EXPECT_TRUE(decode_times(encode_times({})).empty());
}

TEST(Blobs, AFloatIsFourBytesFromTheLowest) {
    const std::vector<float> one{1.0F};

    EXPECT_THAT(vector_blob(one), ElementsAre(0x00, 0x00, 0x80, 0x3f));
}

TEST(Blobs, IdsTakeAByteForEverySevenBits) {
    const std::vector<std::int32_t> ids{0, 127, 128, 30'521, 2'147'483'647};

    EXPECT_EQ(decode_ids(encode_ids(ids)), ids);
    EXPECT_EQ(decode_ascending_ids(encode_ascending_ids(ids)), ids);
    EXPECT_THAT(encode_ids(std::vector<std::int32_t>{300}), ElementsAre(0xac, 0x02));
    EXPECT_THAT(
        encode_ascending_ids(std::vector<std::int32_t>{300, 302}), ElementsAre(0xac, 0x02, 0x02)
    );
}

TEST(Blobs, TermsKeepTextCountAndWhetherTheyAreStopWords) {
    const std::vector<Term> terms{{"", 1, false}, {"naïve", 200, false}, {"the", 3, true}};

    const std::vector<Term> decoded = decode_terms(encode_terms(terms));

    ASSERT_EQ(decoded.size(), 3u);
    for (std::size_t i = 0; i < terms.size(); ++i) {
        EXPECT_EQ(decoded[i].text, terms[i].text);
        EXPECT_EQ(decoded[i].count, terms[i].count);
        EXPECT_EQ(decoded[i].stop, terms[i].stop);
    }
}

TEST(Blobs, BytesThatNobodyEncodedAreCorrupt) {
    const Bytes open_varint{0x80};
    const Bytes text_too_short{0x02, 0x05, 'a'};
    const Bytes odd{1, 2, 3};

    EXPECT_THROW(decode_ids(open_varint), SqliteError);
    EXPECT_THROW(decode_terms(text_too_short), SqliteError);
    EXPECT_THROW(decode_vector(odd), SqliteError);
    EXPECT_THROW(decode_times(odd), SqliteError);
    const Bytes endless(11, 0xff);
    EXPECT_THROW(decode_ids(endless), SqliteError);
}

}  // namespace

}  // namespace rag::sqlite
