"""Files of arrays, written by the libraries that people write them with, and what is in them.

Run by `node test/golden/python.ts files`, which installs what requirements-files.txt pins besides requirements.txt;
`written_by` in expected.json has the versions. What a file holds is what its own library reads back.
"""

import decimal
import json
import pathlib
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import safetensors
import safetensors.torch
import torch
import PIL
from PIL import Image

here = pathlib.Path(__file__).parent / 'data' / 'array-files'
here.mkdir(exist_ok=True)
rng = np.random.default_rng(7)
expected = {}


def number(value):
    if isinstance(value, (bool, np.bool_)):
        return int(value)
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) < 2**53 else {'integer': str(int(value))}
    value = float(value)
    if value != value:
        return 'NaN'
    if value in (float('inf'), float('-inf')):
        return 'Infinity' if value > 0 else '-Infinity'
    return value


def entry(array, dtype=None, name=None):
    array = np.asarray(array)
    return {
        **({} if name is None else {'name': name}),
        'dtype': dtype or str(array.dtype),
        'shape': list(array.shape),
        'values': [number(v) for v in array.reshape(-1)],
    }


def tensor(t, name=None):
    dtype = str(t.dtype).removeprefix('torch.')
    wide = t.detach().float() if t.dtype.is_floating_point and t.dtype != torch.float64 else t.detach()
    return entry(wide.contiguous().numpy(), dtype, name)


# --- .npy -----------------------------------------------------------------------------------------------------------

special = np.array([0.0, -0.0, 1.5, -2.25, np.nan, np.inf, -np.inf, 6e-8])


def npy(file, array, **options):
    with open(here / file, 'wb') as out:
        np.lib.format.write_array(out, array, **options)
    expected[file] = [entry(np.load(here / file))]
    if array.dtype == np.float16:
        expected[file][0]['dtype'] = 'float16'


for kind in ['f2', 'f4', 'f8']:
    npy(f'{kind}.npy', special.astype(kind))
for kind in ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4']:
    limits = np.iinfo(kind)
    npy(f'{kind}.npy', np.array([limits.min, 0, 1, limits.max], dtype=kind))
npy('u8.npy', np.array([0, 1, 2**63 - 1], dtype='u8'))
npy('bool.npy', np.array([[True, False], [False, True]]))
for kind in ['>f2', '>f4', '>f8', '>i2', '>i4', '>i8', '>u8']:
    npy(f'big-{kind[1:]}.npy', np.arange(6).reshape(2, 3).astype(kind))
    expected[f'big-{kind[1:]}.npy'][0]['dtype'] = str(np.dtype(kind[1:]))
npy('fortran.npy', np.asfortranarray(np.arange(24, dtype='f4').reshape(2, 3, 4)))
npy('fortran-big.npy', np.asfortranarray(np.arange(6, dtype='>i4').reshape(2, 3)))
expected['fortran-big.npy'][0]['dtype'] = 'int32'
npy('scalar.npy', np.array(3.5))
npy('empty.npy', np.zeros((0, 3), 'f4'))
for version in [(1, 0), (2, 0), (3, 0)]:
    npy(f'version{version[0]}.npy', rng.normal(size=(3, 2)).astype('f4'), version=version)

refused = {}


def refuse(file, array, word):
    np.save(here / file, array, allow_pickle=True)
    refused[file] = ['dtype', word]


refuse('object.npy', np.array([{'a': 1}, None], dtype=object), 'Python objects')
refuse('structured.npy', np.array([(1, 2.0)], dtype=[('a', 'i4'), ('b', 'f8')]), 'several fields')
refuse('complex.npy', np.array([1j]), 'complex')
refuse('text.npy', np.array(['a', 'b']), 'texts')
refuse('date.npy', np.array(['2020-01-01'], dtype='datetime64[D]'), 'dates')
refuse('u8-beyond.npy', np.array([2**64 - 1], dtype='u8'), '18446744073709551615')

# --- .npz -----------------------------------------------------------------------------------------------------------

arrays = {'logits': rng.normal(size=(4, 3)).astype('f4'), 'labels': rng.integers(0, 3, 4), 'mask': np.array([True, False])}
for file, save in [('stored.npz', np.savez), ('deflated.npz', np.savez_compressed)]:
    save(here / file, **arrays)
    with np.load(here / file) as loaded:
        expected[file] = [entry(loaded[name], name=name) for name in loaded.files]
np.savez(here / 'mixed.npz', numbers=np.arange(3.0), words=np.array(['a']))
expected['mixed.npz'] = [entry(np.arange(3.0), name='numbers'), {'name': 'words', 'refused': 'dtype'}]
with zipfile.ZipFile(here / 'zip64.npz', 'w') as archive:
    with archive.open('a.npy', 'w', force_zip64=True) as out:
        np.lib.format.write_array(out, np.arange(5, dtype='i4'))
expected['zip64.npz'] = [entry(np.arange(5, dtype='i4'), name='a')]
np.savez_compressed(here / 'large.npz', zeros=np.zeros((300, 1000), 'f4'))
expected['large.npz'] = [{'name': 'zeros', 'dtype': 'float32', 'shape': [300, 1000], 'zeros': True}]

# --- tables ---------------------------------------------------------------------------------------------------------

frame = pd.DataFrame({'y_true': [0, 1, 1, 0], 'y_pred': [0.25, 0.5, np.nan, 1e-7], 'sure': [True, False, True, True]})


def table(file, frame, whole=True):
    columns = [entry(frame[name].to_numpy(dtype='float64'), 'float64', str(name)) for name in frame.columns]
    all = entry(frame.to_numpy(dtype='float64'), 'float64', 'all columns')
    expected[file] = columns + ([all] if whole and len(frame.columns) > 1 else [])


frame.to_csv(here / 'frame.csv', index=False)
table('frame.csv', frame)
frame.to_csv(here / 'frame.tsv', index=False, sep='\t')
table('frame.tsv', frame)
frame.to_csv(here / 'semicolons.csv', index=False, sep=';', lineterminator='\r\n', na_rep='NA')
table('semicolons.csv', frame)
words = frame.assign(name=['a, b', 'c "d"', 'e\nf', ''])
words.to_csv(here / 'words.csv', index=False)
table('words.csv', frame, whole=False)
expected['words.csv'].append({'name': 'name', 'refused': 'dtype'})
numbers = rng.normal(size=(5, 3))
np.savetxt(here / 'savetxt.csv', numbers, delimiter=',', header='made by numpy')
table('savetxt.csv', pd.DataFrame(np.loadtxt(here / 'savetxt.csv', delimiter=','), columns=['column 1', 'column 2', 'column 3']))
pd.DataFrame({'x': [1.5, np.inf, -np.inf]}).to_csv(here / 'infinite.csv', index=False)
table('infinite.csv', pd.DataFrame({'x': [1.5, np.inf, -np.inf]}))
(here / 'bom.csv').write_bytes('\ufeffa,b\n1,2\n\n3,4\n'.encode())
table('bom.csv', pd.DataFrame({'a': [1, 3], 'b': [2, 4]}))

# --- JSON -----------------------------------------------------------------------------------------------------------

json.dump([[1.5, 2], [3, float('nan')], [float('inf'), float('-inf')]], open(here / 'array.json', 'w'))
expected['array.json'] = [entry([[1.5, 2], [3, np.nan], [np.inf, -np.inf]])]
json.dump({'pred': [[0.1, 0.9]], 'target': [1], 'flags': [True, False], 'note': 'x "NaN"'}, open(here / 'object.json', 'w'))
expected['object.json'] = [
    entry([[0.1, 0.9]], name='pred'),
    entry([1.0], name='target'),
    entry([True, False], 'bool', 'flags'),
    {'name': 'note', 'refused': 'dtype'},
]
frame.to_json(here / 'records.json', orient='records')
expected['records.json'] = [
    entry(frame['y_true'].astype(float), name='y_true'),
    entry(pd.read_json(here / 'records.json')['y_pred'], name='y_pred'),
    entry(frame['sure'], 'bool', 'sure'),
]

# --- Parquet --------------------------------------------------------------------------------------------------------

columns = {
    'f4': np.array([1.5, -2, 3, 4, 5], 'f4'),
    'f8': np.array([0.1, 0.2, np.nan, 0.4, 0.5]),
    'f2': np.array([1.5, 2, 3, 4, 5], 'f2'),
    'i1': np.array([1, -2, 3, 4, 5], 'i1'),
    'i2': np.array([1, -2, 300, 4, 5], 'i2'),
    'i4': np.array([1, -2, 70000, 4, 5], 'i4'),
    'i8': np.array([1, -(2**60), 3, 4, 5], 'i8'),
    'u1': np.array([1, 255, 3, 4, 5], 'u1'),
    'u2': np.array([1, 65535, 3, 4, 5], 'u2'),
    'u4': np.array([1, 2**32 - 1, 3, 4, 5], 'u4'),
    'u8': np.array([1, 2**62, 3, 4, 5], 'u8'),
    'truth': np.array([True, False, True, True, False]),
}
lists = pa.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0], [9.0, 10.0]], pa.list_(pa.float32()))
fixed = pa.FixedSizeListArray.from_arrays(pa.array(np.arange(15, dtype='f8')), 3)
gaps = pa.array([1, None, 3, 4, 5], pa.int64())
everything = pa.table({**columns, 'lists': lists, 'fixed': fixed, 'gaps': gaps, 'text': pa.array(list('abcde'))})
for codec in ['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4']:
    for version in ['1.0', '2.0']:
        file = f'{codec}-{version[0]}.parquet'
        pq.write_table(everything, here / file, compression=codec, data_page_version=version, row_group_size=2)
        expected[file] = [
            *(entry(array, name=name) for name, array in columns.items()),
            entry(np.array(lists.to_pylist(), 'f4'), name='lists'),
            entry(np.array(fixed.to_pylist(), 'f8'), name='fixed'),
            {**entry(np.array([1, np.nan, 3, 4, 5]), name='gaps'), 'offered': 'int64'},
            {'name': 'text', 'refused': 'dtype'},
        ]
scores = pd.DataFrame(rng.normal(size=(6, 3)).astype('f4'), columns=['cat', 'dog', 'fox'], index=[3, 1, 4, 1, 5, 9])
scores.to_parquet(here / 'scores.parquet')
expected['scores.parquet'] = [*(entry(scores[name], name=name) for name in scores.columns), entry(scores, name='all columns')]
for encoding in ['PLAIN', 'BYTE_STREAM_SPLIT']:
    file = f'{encoding.lower().replace("_", "-")}.parquet'
    pq.write_table(pa.table({'x': columns['f4']}), here / file, use_dictionary=False, column_encoding={'x': encoding})
    expected[file] = [entry(columns['f4'], name='x')]

# Pages of a few numbers each, so that levels, runs, dictionaries and differences go over their borders.
count = 60
own = np.random.default_rng(8)
missing = own.random(count) < 0.2
ways = {
    'float': pa.array(own.normal(size=count).astype('f4'), mask=missing),
    'half': pa.array(own.normal(size=count).astype('f2'), mask=missing),
    'few': pa.array(own.integers(0, 5, count).astype('f8'), mask=missing),
    'int': pa.array(own.integers(-(2**31), 2**31, count).astype('i4')),
    'long': pa.array(own.integers(-(2**62), 2**62, count)),
    'truth': pa.array(own.random(count) < 0.5),
    'small decimal': pa.array([decimal.Decimal(int(n)).scaleb(-2) for n in own.integers(-999, 999, count)], pa.decimal128(5, 2)),
    'decimal': pa.array([decimal.Decimal(int(n)).scaleb(-3) for n in own.integers(-(10**15), 10**15, count)], pa.decimal128(30, 3)),
    'lists': pa.array(own.normal(size=(count, 3)).tolist(), pa.list_(pa.float64())),
    'gaps': pa.array([[None if own.random() < 0.2 else float(n) for n in row] for row in own.normal(size=(count, 3))]),
    'nested': pa.array(own.integers(0, 9, (count, 2, 3)).tolist(), pa.list_(pa.list_(pa.int64()))),
}
held = {'float': 'f4', 'half': 'f2', 'int': 'i4', 'long': 'i8', 'truth': '?', 'nested': 'i8'}
split = {name: 'BYTE_STREAM_SPLIT' for name in ['float', 'half', 'few', 'small decimal', 'decimal']}
differences = {name: 'DELTA_BINARY_PACKED' for name in ['int', 'long']}
for file, options in {
    'pages-1.parquet': {},
    'pages-2.parquet': dict(data_page_version='2.0'),
    'pages-plain.parquet': dict(use_dictionary=False, store_decimal_as_integer=True),
    'pages-other.parquet': dict(
        use_dictionary=False, data_page_version='2.0', column_encoding={**split, **differences, 'truth': 'RLE'}
    ),
}.items():
    pq.write_table(pa.table(ways), here / file, data_page_size=64, write_batch_size=8, row_group_size=40, **options)
    expected[file] = [
        entry(np.array(column.to_pylist(), held.get(name, 'f8')), name=name) for name, column in ways.items()
    ]

# --- tensors --------------------------------------------------------------------------------------------------------

torch.manual_seed(7)
tensors = {
    'a.weight': torch.randn(3, 2),
    'half': torch.tensor([1.5, -2, float('inf')], dtype=torch.float16),
    'brain': torch.tensor([[1.5, -3.140625, float('nan')]], dtype=torch.bfloat16),
    'e4m3': torch.tensor([0.0, 448, -0.001953125, 1.125]).to(torch.float8_e4m3fn),
    'e5m2': torch.tensor([0.0, 57344, -1.52587890625e-05, 1.25]).to(torch.float8_e5m2),
    'double': torch.tensor([1 / 3], dtype=torch.float64),
    'long': torch.tensor([-(2**62), 5]),
    'int': torch.tensor([1, -2], dtype=torch.int32),
    'short': torch.tensor([1, -2], dtype=torch.int16),
    'char': torch.tensor([1, -2], dtype=torch.int8),
    'byte': torch.tensor([1, 255], dtype=torch.uint8),
    'flag': torch.tensor([True, False]),
    'scalar': torch.tensor(2.5),
}
safetensors.torch.save_file(tensors, here / 'tensors.safetensors', metadata={'format': 'pt'})
# In the order of the file's header, which is the library's own.
content = (here / 'tensors.safetensors').read_bytes()
header = json.loads(content[8 : 8 + int.from_bytes(content[:8], 'little')])
expected['tensors.safetensors'] = [tensor(tensors[name], name) for name in header if name != '__metadata__']
torch.save(tensors, here / 'state.pt')
expected['state.pt'] = [tensor(t, name) for name, t in tensors.items()]
one = torch.arange(6.0).reshape(2, 3)
torch.save(one, here / 'one.pt')
expected['one.pt'] = [tensor(one)]
views = {'transposed': one.t(), 'slice': one[:, 1:], 'expanded': one[:1].expand(4, 3), 'unsigned': torch.tensor([1, 2], dtype=torch.uint16)}
torch.save({'views': views, 'list': [one, one + 1], 'epoch': 3, 'lr': 1e-3, 'name': 'x'}, here / 'nested.pth')
expected['nested.pth'] = [
    *(tensor(t, f'views.{name}') for name, t in views.items()),
    tensor(one, 'list.0'),
    tensor(one + 1, 'list.1'),
]
model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
torch.save(model.state_dict(), here / 'model.pt')
expected['model.pt'] = [tensor(t, name) for name, t in model.state_dict().items()]
torch.save(torch.nn.Parameter(one), here / 'parameter.pt')
expected['parameter.pt'] = [tensor(one)]
torch.save(model, here / 'whole-model.pt')
refused['whole-model.pt'] = ['not-evaluable', 'torch.nn.modules.container.Sequential']
torch.save({'array': np.arange(3)}, here / 'numpy.pt')
refused['numpy.pt'] = ['not-evaluable', 'numpy']
torch.save(one, here / 'legacy.pt', _use_new_zipfile_serialization=False)
refused['legacy.pt'] = ['not-evaluable', 'version 1.6']


class Evil:
    def __reduce__(self):
        import os

        return os.system, ('touch loss-lens-was-here',)


torch.save({'a': one, 'b': Evil()}, here / 'evil.pt')
refused['evil.pt'] = ['not-evaluable', 'system']

# --- pictures -------------------------------------------------------------------------------------------------------

noise = rng.integers(0, 256, (5, 7, 3), dtype=np.uint8)
colours = np.zeros((16, 19, 3), np.uint8)
colours[..., 0] = np.linspace(0, 255, 19)
colours[..., 1] = np.linspace(0, 200, 16)[:, None]
colours[5:12, 4:15, 2] = 255


def picture(file, image, full=255, **options):
    image.save(here / file, **options)
    read = np.asarray(Image.open(here / file))
    values = read if read.ndim == 2 else read.transpose(2, 0, 1)
    planes = values if values.ndim == 3 else values[None]
    values = values.astype(np.uint16 if full > 255 else np.uint8)
    # Of one value each, divided by the largest there can be.
    intensities = {'name': 'intensities', 'dtype': 'float32', 'shape': list(planes.shape), 'of': full}
    expected[file] = ([intensities] if full else []) + [entry(values, name='values')]


picture('rgb.png', Image.fromarray(noise))
picture('grey.png', Image.fromarray(noise[..., 0]))
picture('alpha.png', Image.fromarray(np.dstack([noise, noise[..., 0]])))
picture('grey-alpha.png', Image.fromarray(noise[..., :2], 'LA'))
picture('deep.png', Image.fromarray(rng.integers(0, 65536, (4, 5)).astype(np.uint16)), full=65535)
picture('palette.png', Image.fromarray(noise).quantize(5), full=0)
picture('palette16.png', Image.fromarray(noise).quantize(16), full=0, bits=4)
picture('bits.png', Image.fromarray(noise[..., 0] > 127), full=1)
for quality in [50, 95]:
    picture(f'q{quality}.jpg', Image.fromarray(colours), quality=quality)
picture('full.jpeg', Image.fromarray(colours), quality=90, subsampling=0)
picture('progressive.jpg', Image.fromarray(colours), quality=80, progressive=True)
picture('grey.jpg', Image.fromarray(colours[..., 0]), quality=80)
picture('lossy.webp', Image.fromarray(colours), quality=80)
picture('lossless.webp', Image.fromarray(noise), lossless=True)
picture('alpha.webp', Image.fromarray(np.dstack([colours, colours[..., 0]])), lossless=True, exact=True)

versions = {module.__name__: module.__version__ for module in [np, pd, pa, safetensors, torch, PIL]}
with open(here / 'expected.json', 'w') as out:
    json.dump({'written_by': versions, 'read': expected, 'refused': refused}, out, separators=(',', ':'), allow_nan=False)
    out.write('\n')
print(len(expected), 'files read,', len(refused), 'refused,', sum(f.stat().st_size for f in here.iterdir()), 'bytes')
