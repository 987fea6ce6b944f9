#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "encoding/digest.hpp"
#include "encoding/hex.hpp"
#include "local/model_config.hpp"
#include "local/safetensors.hpp"
#include "local/weights.hpp"
#include "tiny_model.hpp"

namespace rag::local {
namespace {

using test::TinyModel;
using test::TinyShape;

std::string file_of(const std::string& header, const std::string& data) {
    const std::uint64_t length = header.size();
    std::string bytes(sizeof(length), '\0');
    std::memcpy(bytes.data(), &length, sizeof(length));
    return bytes + header + data;
}

class SafetensorsFiles : public testing::Test {
protected:
    Result<SafetensorsFile> open(const std::string& bytes) {
        folder.write("x.safetensors", bytes);
        return SafetensorsFile::open(folder.folder() / "x.safetensors");
    }

    TinyModel folder{TinyShape{}};
};

TEST_F(SafetensorsFiles, GiveTheirTensors) {
    const float values[2] = {1.5F, -2};
    const std::string data(reinterpret_cast<const char*>(values), sizeof(values));
    // 56 bytes of header keep the values aligned.
    std::string header = R"({"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
    header.resize(64, ' ');

    const auto file = open(file_of(header, data));

    ASSERT_TRUE(file) << file.error().message;
    const Tensor* tensor = file->find("a");
    ASSERT_NE(tensor, nullptr);
    EXPECT_EQ(tensor->shape, (std::vector<std::size_t>{1, 2}));
    EXPECT_EQ(tensor->values[1], -2);
    EXPECT_EQ(file->find("b"), nullptr);
}

TEST_F(SafetensorsFiles, AreRefusedIfTheyAreDamaged) {
    const std::string eight(8, '\0');
    const auto entry = [](const std::string& shape, const std::string& offsets) {
        return R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
    };
    for (const std::string& bytes :
         {std::string("abc"),
          file_of("not json", eight),
          file_of("[]", eight),
          file_of(R"({"a":1})", eight),
          file_of(entry("[2]", "[0,16]"), eight),
          file_of(entry("[3]", "[0,8]"), eight),
          file_of(entry("[2]", "[8,0]"), eight),
          file_of(entry("[-2]", "[0,8]"), eight),
          file_of(entry("[4611686018427387905,4]", "[0,8]"), eight),
          std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F{}", 10)}) {
        const auto file = open(bytes);
        ASSERT_FALSE(file) << bytes;
        EXPECT_EQ(file.error().code, ErrorCode::corrupt);
    }
    EXPECT_EQ(SafetensorsFile::open("/nowhere").error().code, ErrorCode::invalid_argument);
}

TEST(ModelConfigs, AreReadFromTheFolder) {
    const TinyModel model(TinyShape{});
    const Result<ModelConfig> config = read_model_config(model.folder());

    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->hidden_size, 64U);
    EXPECT_EQ(config->head_size(), 32U);
    EXPECT_EQ(config->pooling, Pooling::mean);

    model.write("1_Pooling/config.json", R"({"pooling_mode_cls_token": true})");
    EXPECT_EQ(read_model_config(model.folder())->pooling, Pooling::cls);
}

TEST(ModelConfigs, AreRefusedWhereTheEngineComputesSomethingElse) {
    for (const auto& [file, key, value] :
         {std::tuple{"config.json", "\"hidden_act\":\"gelu\"", "\"hidden_act\":\"relu\""},
          std::tuple{"config.json", "\"model_type\":\"bert\"", "\"model_type\":\"mpnet\""},
          std::tuple{"config.json", "\"hidden_size\":64", "\"hidden_size\":-1"},
          std::tuple{"config.json", "\"num_attention_heads\":2", "\"num_attention_heads\":3"},
          std::tuple{"config.json", "{", "["},
          std::tuple{"1_Pooling/config.json", "mean_tokens", "max_tokens"}}) {
        const TinyModel model(TinyShape{});
        std::string text = model.read(file);
        const std::size_t place = text.find(key);
        ASSERT_NE(place, std::string::npos) << key;
        model.write(file, text.replace(place, std::strlen(key), value));

        const Result<ModelConfig> config = read_model_config(model.folder());

        ASSERT_FALSE(config) << value;
        EXPECT_EQ(config.error().code, ErrorCode::invalid_argument);
    }
    const TinyModel model(TinyShape{});
    model.write("modules.json", R"([{"type": "sentence_transformers.models.Dense"}])");
    EXPECT_FALSE(read_model_config(model.folder()));
}

TEST(WeightFiles, MustBeOfTheShapeAndDigestThatIsExpected) {
    const TinyModel model(TinyShape{});
    ModelConfig config = *read_model_config(model.folder());
    const std::string digest = encoding::to_hex(encoding::sha256(model.read("model.safetensors")));

    EXPECT_TRUE(Weights::load(model.folder(), config, digest));
    EXPECT_EQ(Weights::load(model.folder(), config, "00").error().code, ErrorCode::corrupt);
    config.intermediate_size = 97;
    EXPECT_EQ(Weights::load(model.folder(), config, "").error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace rag::local
