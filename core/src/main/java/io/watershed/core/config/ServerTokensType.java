package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code tokens}: a list of name, role and hash. */
final class ServerTokensType implements NodeType<List<ServerToken>> {
  private static final int MAX_TOKENS = 1_000;
  private static final String NAME = "[A-Za-z0-9_.@-]{1,64}";
  private static final String HASH = "[0-9a-f]{64}";
  private static final List<String> ROLES = List.of("read", "operate");
  private static final String HINT =
      "Write '- {name: alice, role: operate, hash: …}'; 'watershed token' prints such a line.";

  @Override
  public List<ServerToken> read(ConfigNode node, ErrorAt errors) {
    if (!(node instanceof ConfigNode.Sequence list)) {
      throw errors.at(node, "", "tokens are a list", HINT);
    }
    if (list.elements().size() > MAX_TOKENS) {
      throw errors.at(node, "", "these are more than " + MAX_TOKENS + " tokens", "Keep fewer.");
    }
    List<ServerToken> tokens = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ConfigNode element : list.elements()) {
      ServerToken token = token(element, errors);
      if (!names.add(token.name())) {
        throw errors.at(element, "name", "two tokens have this name", "Name each for its holder.");
      }
      tokens.add(token);
    }
    return tokens;
  }

  private static ServerToken token(ConfigNode node, ErrorAt errors) {
    if (!(node instanceof ConfigNode.Mapping mapping)
        || !mapping.members().keySet().equals(Set.of("name", "role", "hash"))) {
      throw errors.at(node, "", "a token has name, role and hash, and nothing else", HINT);
    }
    String role = text(mapping, "role", String.join("|", ROLES), errors);
    return new ServerToken(
        text(mapping, "name", NAME, errors),
        role.equals("operate"),
        text(mapping, "hash", HASH, errors));
  }

  private static String text(
      ConfigNode.Mapping token, String name, String pattern, ErrorAt errors) {
    ConfigNode node = token.members().getOrDefault(name, token);
    if (node instanceof ConfigNode.Scalar scalar && scalar.text().matches(pattern)) {
      return scalar.text();
    }
    throw errors.at(node, name, "this is not of the form " + pattern, HINT);
  }

  @Override
  public List<ServerToken> parse(String text) {
    throw new WatershedException(ErrorCode.INVALID_INPUT, "tokens are a list", HINT);
  }

  @Override
  public String print(List<ServerToken> tokens) {
    return tokens.stream().map(ServerToken::name).collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> token = new TreeMap<>();
    token.put("type", "object");
    token.put("additionalProperties", false);
    token.put("required", List.of("name", "role", "hash"));
    token.put(
        "properties",
        new TreeMap<>(
            Map.of(
                "name", textSchema(NAME),
                "role", Map.of("enum", ROLES),
                "hash", textSchema(HASH))));
    return new TreeMap<>(Map.of("type", "array", "items", token));
  }

  private static Map<String, Object> textSchema(String pattern) {
    return new TreeMap<>(Map.of("type", "string", "pattern", "^" + pattern + "$"));
  }
}
