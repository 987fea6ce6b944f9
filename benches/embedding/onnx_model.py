"""Builds the ONNX graph of a BERT folder from its safetensors: with ONNX Runtime's fused operators (its best case), and no export
tool and no framework in between."""
import json, pathlib, struct
import numpy as np
from onnx import TensorProto, helper, numpy_helper

def read_weights(path):
    raw = np.memmap(path, np.uint8, "r")
    body = 8 + struct.unpack("<Q", bytes(raw[:8]))[0]
    entries = {name: entry for name, entry in json.loads(bytes(raw[8:body])).items() if entry.get("dtype") == "F32"}
    return {name: np.array(raw[body:][slice(*entry["data_offsets"])].view("<f4").reshape(entry["shape"])) for name, entry in entries.items()}

def build(folder, path):
    """Writes the model: int32 ids and mask, padded to the longest, to last hidden states."""
    folder = pathlib.Path(folder)
    config, weights = json.loads((folder / "config.json").read_text()), read_weights(folder / "model.safetensors")
    nodes, constants = [], []
    def constant(name, value):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name
    def node(kind, inputs, output, **attributes):
        domain = "" if kind in ("MatMul",) else "com.microsoft"
        nodes.append(helper.make_node(kind, inputs, [output] if isinstance(output, str) else output, domain=domain, **attributes))
        return output
    def weight(name):
        return constant(name, weights[name])
    epsilon, embeddings = config["layer_norm_eps"], "embeddings."
    node("EmbedLayerNormalization",
         ["ids", "types", *(weight(f"{embeddings}{kind}_embeddings.weight") for kind in ("word", "position", "token_type")),
          weight(embeddings + "LayerNorm.weight"), weight(embeddings + "LayerNorm.bias"), "mask"], ["x0", "lengths"], epsilon=epsilon)
    x = "x0"
    for layer in range(config["num_hidden_layers"]):
        part = f"encoder.layer.{layer}."
        self_part = [part + "attention.self." + name for name in ("query", "key", "value")]
        wide = constant(part + "qkv", np.concatenate([weights[name + ".weight"].T for name in self_part], 1))
        bias = constant(part + "qkv_bias", np.concatenate([weights[name + ".bias"] for name in self_part]))
        mixed = node("Attention", [x, wide, bias, "lengths"], part + "mixed", num_heads=config["num_attention_heads"])
        def linear(value, name):
            return node("MatMul", [value, constant(name + ".weight", weights[name + ".weight"].T)], name + ".out")
        def add_norm(value, skip, name, bias_name):
            return node("SkipLayerNormalization", [value, skip, weight(name + ".weight"), weight(name + ".bias"), weight(bias_name + ".bias")],
                        name + ".out", epsilon=epsilon)
        x = add_norm(linear(mixed, part + "attention.output.dense"), x, part + "attention.output.LayerNorm", part + "attention.output.dense")
        inner = node("BiasGelu", [linear(x, part + "intermediate.dense"), weight(part + "intermediate.dense.bias")], part + "gelu")
        x = add_norm(linear(inner, part + "output.dense"), x, part + "output.LayerNorm", part + "output.dense")
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "tokens"]) for name in ("ids", "types", "mask")]
    output = helper.make_tensor_value_info(x, TensorProto.FLOAT, ["batch", "tokens", config["hidden_size"]])
    graph = helper.make_graph(nodes, "bert", inputs, [output], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)], ir_version=9)
    pathlib.Path(path).write_bytes(model.SerializeToString())
