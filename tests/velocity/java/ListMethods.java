import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.*;
import org.apache.velocity.util.ArrayListWrapper;

/**
 * Lists the methods that Velocity 1.7 finds on the values that a template can get hold of, in the order in which it goes
 * through them: those of the public classes of a value's class, upwards, and after each class those of its interfaces.
 *
 * Prints JSON: {"String": ["equals(java.lang.Object)", "static valueOf(int)", ...], ...}.
 */
public class ListMethods {
  private final Map<String, String> found = new LinkedHashMap<>();

  private void addAll(Class<?> type) {
    if (!Modifier.isPublic(type.getModifiers())) return;
    for (Method method : type.getDeclaredMethods()) {
      if (!Modifier.isPublic(method.getModifiers())) continue;
      StringJoiner shown = new StringJoiner(",", method.getName() + "(", ")");
      StringBuilder key = new StringBuilder(method.getName());
      for (Class<?> parameter : method.getParameterTypes()) {
        shown.add(parameter.getTypeName());
        key.append(java.lang.invoke.MethodType.methodType(parameter).wrap().returnType().getName());
      }
      String prefix = Modifier.isStatic(method.getModifiers()) ? "static " : "";
      found.putIfAbsent(key.toString(), prefix + shown);
    }
  }

  private void addInterface(Class<?> type) {
    addAll(type);
    for (Class<?> above : type.getInterfaces()) addInterface(above);
  }

  static Collection<String> of(Object value) {
    ListMethods list = new ListMethods();
    for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
      list.addAll(type);
      for (Class<?> above : type.getInterfaces()) list.addInterface(above);
    }
    return list.found.values();
  }

  public static void main(String[] args) {
    Map<Object, Object> linked = new LinkedHashMap<>(Map.of("a", 1));
    List<Object> list = new ArrayList<>(List.of(1, 2));
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("String", "");
    values.put("Character", 'c');
    values.put("Integer", 1);
    values.put("Long", 1L);
    values.put("Short", (short) 1);
    values.put("Byte", (byte) 1);
    values.put("BigInteger", BigInteger.ONE);
    values.put("Double", 1.0);
    values.put("Float", 1f);
    values.put("BigDecimal", BigDecimal.ONE);
    values.put("Boolean", true);
    values.put("ArrayList", list);
    values.put("JSONArray", new net.minidev.json.JSONArray());
    values.put("SubList", list.subList(0, 1));
    values.put("List of array", new ArrayListWrapper(new String[0]));
    values.put("LinkedHashMap", linked);
    values.put("HashMap", new HashMap<>(linked));
    values.put("KeySet", linked.keySet());
    values.put("EntrySet", linked.entrySet());
    values.put("Values", linked.values());
    values.put("Entry", linked.entrySet().iterator().next());
    values.put("Iterator", list.iterator());
    values.put("ListIterator", list.listIterator());
    values.put("Class", String.class);
    values.put("Optional", Optional.empty());
    values.put("OptionalInt", OptionalInt.empty());
    values.put("OptionalLong", OptionalLong.empty());
    values.put("OptionalDouble", OptionalDouble.empty());
    values.put("Comparator", Map.Entry.comparingByKey());
    values.put("Stream", list.stream());
    values.put("IntStream", "".chars());
    values.put("Spliterator", list.spliterator());
    values.put("ImmutableList", List.of());
    values.put("ImmutableSet", Set.of());
    values.put("ImmutableMap", Map.of());
    StringJoiner out = new StringJoiner(",\n ", "{", "}\n");
    values.forEach((name, value) -> {
      StringJoiner methods = new StringJoiner("\", \"", "\"" + name + "\": [\"", "\"]");
      of(value).forEach(methods::add);
      out.add(methods.toString());
    });
    System.out.print(out);
  }
}
