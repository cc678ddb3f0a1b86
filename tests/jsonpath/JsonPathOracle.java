import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import net.minidev.json.parser.JSONParser;

/** Reads {"id", "document", "path"} per line; answers {"id", "status", ...} per line, as the library answers. */
public class JsonPathOracle {
  static Map<String, Object> answer(String document, String path) {
    Map<String, Object> out = new LinkedHashMap<>();
    JsonPath compiled;
    try {
      compiled = JsonPath.compile(path);
    } catch (Throwable thrown) {
      return failed(out, "invalid_path", thrown);
    }
    try {
      out.put("definite", compiled.isDefinite());
      out.put("compiled", compiled.getPath());
    } catch (Throwable thrown) {
      out.put("compiled_error", thrown.toString());
    }
    Object root = Configuration.defaultConfiguration().jsonProvider().parse(document);
    try {
      Object value = compiled.read(root, Configuration.defaultConfiguration());
      out.put("status", "value");
      out.put("type", value == null ? null : value.getClass().getName());
      out.put("value", JSONValue.toJSONString(value, JSONStyle.NO_COMPRESS));
      return out;
    } catch (PathNotFoundException thrown) {
      return failed(out, "not_found", thrown);
    } catch (InvalidPathException thrown) {
      return failed(out, "invalid_path_eval", thrown);
    } catch (Throwable thrown) {
      return failed(out, "error", thrown);
    }
  }

  static Map<String, Object> failed(Map<String, Object> out, String status, Throwable thrown) {
    out.put("status", status);
    out.put("exception", thrown.getClass().getName());
    out.put("message", thrown.getMessage());
    return out;
  }

  @SuppressWarnings("unchecked")
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) {
      Map<String, Object> asked = (Map<String, Object>) new JSONParser(JSONParser.MODE_PERMISSIVE).parse(line);
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("id", asked.get("id"));
      told.putAll(answer((String) asked.get("document"), (String) asked.get("path")));
      out.println(JSONValue.toJSONString(told, JSONStyle.NO_COMPRESS));
      out.flush();
    }
  }
}
