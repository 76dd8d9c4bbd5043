// torch.nn.functional

export { pdist } from '../ops/row-distances'
export * from './activations'
export * from './attention'
export * from './convolution'
export * from './gumbel'
export * from './layers'
export * from './losses'
export * from './normalization'
export * from './padding'
export * from './pair-losses'
export * from './pooling'
export * from './resampling'
