/** A real GPU that fails where a test wants it to. */

/** The GPU with some of its adapter's or its devices' members replaced. */
export function altered(
  gpu: GPU,
  ofAdapter: Readonly<Record<string, unknown>>,
  ofDevice: (device: GPUDevice) => Readonly<Record<string, unknown>> = () => ({}),
): GPU {
  const replacing = <T extends object>(target: T, members: Readonly<Record<string, unknown>>): T =>
    new Proxy(target, {
      get(from, name) {
        if (typeof name === 'string' && name in members) return members[name];
        const member = Reflect.get(from, name) as unknown;
        return typeof member === 'function' ? member.bind(from) : member;
      },
    });
  return replacing(gpu, {
    async requestAdapter() {
      const adapter = (await gpu.requestAdapter())!;
      return replacing(adapter, {
        async requestDevice(descriptor: GPUDeviceDescriptor) {
          const device = await adapter.requestDevice(descriptor);
          return replacing(device, ofDevice(device));
        },
        ...ofAdapter,
      });
    },
  });
}
